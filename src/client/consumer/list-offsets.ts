/**
 * Asks the leaders of partitions for offsets: the first, the next, or the first one from a time on.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../protocol/messages/list-offsets.ts";
import { checkError, serverError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { byTopic, partitionName, type TopicPartition } from "../topics.ts";

const timestamps = { earliest: -2, latest: -1 } as const;

/** A time in milliseconds since 1970, or one of the two ends. */
export type Moment = number | keyof typeof timestamps;

/** A partition with the broker that leads it. */
interface LedPartition extends TopicPartition {
  readonly leader: number;
}

/**
 * The offsets by the partitions' names. With a time beyond the last record it is the next offset. Rejects with a
 * KafkaError and as `KafkaClient.send` does; tries once.
 */
export async function listOffsets(
  client: KafkaClient,
  partitions: readonly LedPartition[],
  moment: Moment,
  readsCommitted: boolean,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>();
  const leaders = new Set(partitions.map(({ leader }) => leader));
  if (leaders.has(-1)) throw serverError(ErrorCode.LEADER_NOT_AVAILABLE);
  const timestamp = typeof moment === "number" ? moment : timestamps[moment];
  for (const node of leaders) {
    const led = partitions.filter(({ leader }) => leader === node);
    const answer = await client.sendOnce({ node }, ListOffsetsRequest, ListOffsetsResponse, {
      replicaId: -1,
      isolationLevel: readsCommitted ? 1 : 0,
      topics: byTopic(led).map(([name, ofTopic]) => ({
        name,
        partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
      })),
      timeoutMs: client.config.requestTimeoutMs,
    });
    for (const { name, partitions: found } of answer.topics) {
      for (const { partitionIndex, errorCode, offset } of found) {
        checkError(errorCode);
        offsets.set(partitionName({ topic: name, partition: partitionIndex }), Number(offset));
      }
    }
  }
  const beyond = partitions.filter((partition) => (offsets.get(partitionName(partition)) ?? -1) < 0);
  if (beyond.length === 0 || moment === "latest") return offsets;
  return new Map([...offsets, ...(await listOffsets(client, beyond, "latest", readsCommitted))]);
}
