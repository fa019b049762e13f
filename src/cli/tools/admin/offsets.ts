/**
 * What the tools ask of partitions' offsets.
 */

import { serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { ErrorCode, type KafkaError } from "../../../protocol/errors.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../../protocol/messages/list-offsets.ts";
import { ask, mayPass } from "./ask.ts";
import { byLeader, byTopic } from "./topics.ts";

/** The timestamps that stand for something else in ListOffsets. */
export const SpecialTimestamp = {
  latest: -1n,
  earliest: -2n,
  "max-timestamp": -3n,
  "earliest-local": -4n,
  "latest-tiered": -5n,
  "earliest-pending-upload": -6n,
} as const;

export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  /** Milliseconds since 1970, or a special timestamp. */
  readonly timestamp: bigint;
}

export interface FoundOffset {
  readonly topic: string;
  readonly partition: number;
  /** -1 when there is none for the timestamp. */
  readonly offset: bigint;
  readonly timestamp: bigint;
  readonly leaderEpoch: number;
  readonly error: KafkaError | null;
}

/** Offsets of open transactions count, too. */
const READ_UNCOMMITTED = 0;
const CONSUMER_REPLICA_ID = -1;
const NO_LEADER = -1;

/** The offsets for timestamps, in no particular order. An error of one partition is told with it. */
export async function listOffsets(
  client: KafkaClient,
  queries: readonly OffsetQuery[],
): Promise<FoundOffset[]> {
  return ask(client, async () => {
    const leaders = await byLeader(client, queries);
    const leaderless = (leaders.get(NO_LEADER) ?? []).map(withoutLeader);
    leaders.delete(NO_LEADER);
    const answers = await Promise.all([...leaders].map(([node, led]) => listOffsetsOf(client, node, led)));
    const passing = answers.flat().find(({ error }) => mayPass(error));
    if (passing?.error) throw passing.error;
    return [...answers.flat(), ...leaderless];
  });
}

/** A partition whose log directory has failed stays without a leader; it isn't worth waiting for. */
function withoutLeader({ topic, partition }: OffsetQuery): FoundOffset {
  const error = serverError(ErrorCode.LEADER_NOT_AVAILABLE);
  return { topic, partition, offset: -1n, timestamp: -1n, leaderEpoch: -1, error };
}

async function listOffsetsOf(
  client: KafkaClient,
  node: number,
  queries: readonly OffsetQuery[],
): Promise<FoundOffset[]> {
  const topics = [...byTopic(queries)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, timestamp }) => ({ partitionIndex: partition, timestamp })),
  }));
  const answer = await client.sendOnce({ node }, ListOffsetsRequest, ListOffsetsResponse, {
    replicaId: CONSUMER_REPLICA_ID,
    isolationLevel: READ_UNCOMMITTED,
    topics,
    timeoutMs: client.config.requestTimeoutMs,
  });
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, offset, timestamp, leaderEpoch }) => ({
      topic: name,
      partition: partitionIndex,
      offset,
      timestamp,
      leaderEpoch,
      error: serverError(errorCode),
    })),
  );
}
