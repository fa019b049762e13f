/**
 * The offsets that a group has committed, read and written.
 */
import { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/messages/offset-commit.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../protocol/messages/offset-fetch.ts";
import { ZERO_UUID } from "../../protocol/uuid.ts";
import { checkError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { byTopic, partitionName } from "../topics.ts";
import type { AssignedPartition } from "./assigned-partition.ts";

/** Who asks, as the coordinator knows it. */
export interface MemberIdentity {
  readonly groupId: string;
  readonly memberId: string;
  /** The generation of a classic group, or the member's epoch. */
  readonly epoch: number;
  readonly instanceId: string | null;
  readonly protocol: "classic" | "consumer";
}

/** What the group has committed, by the partitions' names. Rejects with a KafkaError and as `KafkaClient.retry` does. */
export function committedOffsets(
  client: KafkaClient,
  member: MemberIdentity,
  partitions: readonly AssignedPartition[],
): Promise<Map<string, number>> {
  return client.retry(() => askForOffsets(client, member, partitions));
}

async function askForOffsets(
  client: KafkaClient,
  { groupId, memberId, epoch, protocol }: MemberIdentity,
  partitions: readonly AssignedPartition[],
): Promise<Map<string, number>> {
  const topics = byTopic(partitions).map(([name, ofTopic]) => ({
    topicId: ofTopic[0]?.topicId ?? ZERO_UUID,
    name,
    partitionIndexes: ofTopic.map(({ partition }) => partition),
  }));
  const member = protocol === "consumer" ? { memberId, memberEpoch: epoch } : {};
  const groups = [{ groupId, topics, ...member }];
  const body = { groups, groupId, topics, requireStable: true };
  const answer = await client.sendOnce({ group: groupId }, OffsetFetchRequest, OffsetFetchResponse, body);
  checkError(answer.errorCode);
  const names = new Map(partitions.map(({ topic, topicId }) => [topicId as string, topic]));
  const offsets = new Map<string, number>();
  for (const group of answer.groups) checkError(group.errorCode);
  const found = [
    ...answer.topics.map(({ name, partitions }) => ({ name, partitions })),
    ...answer.groups.flatMap((group) =>
      group.topics.map(({ name, topicId, partitions }) => ({ name: name || names.get(topicId), partitions })),
    ),
  ];
  for (const { name, partitions: committed } of found) {
    for (const { partitionIndex, committedOffset, errorCode } of committed) {
      checkError(errorCode);
      if (name === undefined || committedOffset < 0) continue;
      offsets.set(partitionName({ topic: name, partition: partitionIndex }), Number(committedOffset));
    }
  }
  return offsets;
}

/**
 * Commits how far the partitions have been consumed, where that is news. Tries once. Rejects with a KafkaError, and as
 * `KafkaClient.sendOnce` does.
 */
export async function commitConsumed(
  client: KafkaClient,
  { groupId, memberId, epoch, instanceId }: MemberIdentity,
  partitions: readonly AssignedPartition[],
): Promise<void> {
  const news = partitions.flatMap((partition) =>
    partition.consumed === null || partition.consumed === partition.committed
      ? []
      : [{ topic: partition.topic, partition, offset: partition.consumed }],
  );
  if (news.length === 0) return;
  const topics = byTopic(news).map(([name, ofTopic]) => ({
    topicId: ofTopic[0]?.partition.topicId ?? ZERO_UUID,
    name,
    partitions: ofTopic.map(({ partition, offset }) => ({
      partitionIndex: partition.partition,
      committedOffset: offset,
      committedLeaderEpoch: partition.consumedEpoch,
      committedMetadata: "",
    })),
  }));
  const member = { memberId, generationIdOrMemberEpoch: epoch, groupInstanceId: instanceId };
  const body = { groupId, ...member, topics };
  const answer = await client.sendOnce({ group: groupId }, OffsetCommitRequest, OffsetCommitResponse, body);
  for (const topic of answer.topics) {
    for (const { errorCode } of topic.partitions) checkError(errorCode);
  }
  for (const { partition, offset } of news) partition.committed = offset;
}
