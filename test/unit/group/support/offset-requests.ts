/**
 * Requests about offsets and members, as short as tests like them.
 */
import { type ErrorName, errorName } from "../../../../src/protocol/errors.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../../../src/protocol/messages/join-group.ts";
import {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../../../src/protocol/messages/offset-commit.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../../../src/protocol/messages/offset-fetch.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../../../src/protocol/messages/sync-group.ts";
import type { Encodable } from "../../../../src/protocol/schema.ts";
import type { GroupBroker } from "../../../support/group-broker.ts";
import { subscription } from "../classic/support/requests.ts";

const JoinGroup = [JoinGroupRequest, JoinGroupResponse] as const;
const SyncGroup = [SyncGroupRequest, SyncGroupResponse] as const;
export const OffsetCommit = [OffsetCommitRequest, OffsetCommitResponse] as const;
export const OffsetFetch = [OffsetFetchRequest, OffsetFetchResponse] as const;

type Committed = Encodable<typeof OffsetCommitRequest>;

export interface CommitOptions extends Partial<Omit<Committed, "topics">> {
  readonly version?: number;
  readonly metadata?: string | null;
}

/** Commits offsets by "topic-partition"; returns the errors by the same names. */
export async function commit(
  broker: GroupBroker,
  groupId: string,
  offsets: Record<string, number | bigint>,
  { version = 9, metadata = "", ...options }: CommitOptions = {},
): Promise<Record<string, ErrorName>> {
  const topics = Object.entries(offsets).map(([name, committedOffset]) => {
    const { topic, partition } = topicPartition(name);
    const topicId = broker.metadata.image.topicByName(topic)?.id;
    return {
      name: topic,
      ...(topicId === undefined ? {} : { topicId }),
      partitions: [{ partitionIndex: partition, committedOffset, committedMetadata: metadata }],
    };
  });
  const body = { groupId, generationIdOrMemberEpoch: -1, memberId: "", ...options, topics };
  const answer = await broker.ask(OffsetCommit, version, body);
  const nameOf = (topic: { name: string; topicId: string }) =>
    topic.name || [...broker.metadata.image.topics()].find(({ id }) => id === topic.topicId)?.name;
  return Object.fromEntries(
    answer.topics.flatMap((topic) =>
      topic.partitions.map(({ partitionIndex, errorCode }) => [
        `${nameOf(topic)}-${partitionIndex}`,
        errorName(errorCode),
      ]),
    ),
  );
}

/** What a group has committed: offsets by "topic-partition", or the error of the group. */
export async function fetchAll(
  broker: GroupBroker,
  groupId: string,
): Promise<Record<string, bigint> | ErrorName> {
  const body = { groups: [{ groupId, topics: null }], requireStable: false };
  const [group] = (await broker.ask(OffsetFetch, 9, body)).groups;
  if (group === undefined) throw new Error("no answer about the group");
  if (group.errorCode !== 0) return errorName(group.errorCode);
  return Object.fromEntries(
    group.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, committedOffset }) => [`${name}-${partitionIndex}`, committedOffset]),
    ),
  );
}

/** Makes a stable classic group of one consumer; returns its member id and its generation. */
export async function joinAlone(
  broker: GroupBroker,
  groupId: string,
  topics: readonly string[],
): Promise<{ memberId: string; generationId: number }> {
  const body = (memberId: string) => ({
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: subscription(topics) }],
  });
  const { memberId } = await broker.ask(JoinGroup, 9, body(""));
  const joining = broker.ask(JoinGroup, 9, body(memberId));
  broker.clock.advance(5_000);
  const { generationId } = await joining;
  const assignments = [{ memberId, assignment: Buffer.from("all of it") }];
  const names = { protocolType: "consumer", protocolName: "range" };
  await broker.ask(SyncGroup, 5, { groupId, generationId, memberId, ...names, assignments });
  return { memberId, generationId };
}

function topicPartition(name: string): { topic: string; partition: number } {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}
