/**
 * DescribeGroups and ConsumerGroupDescribe: what groups look like from inside, each kind through its own API.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import type { ConsumerGroupDescribeResponse } from "../protocol/messages/consumer-group-describe.ts";
import type { DescribeGroupsResponse } from "../protocol/messages/describe-groups.ts";
import type { Encodable } from "../protocol/schema.ts";
import { describeClassicGroup } from "./classic/describe.ts";
import { describeConsumerGroup } from "./consumer/describe.ts";
import type { GroupShard } from "./shard.ts";

export type DescribedClassicGroup = Encodable<typeof DescribeGroupsResponse>["groups"][number];
export type DescribedConsumerGroup = Encodable<typeof ConsumerGroupDescribeResponse>["groups"][number];

/** From this version on a missing group is told by an error (KIP-1043), before by the state Dead alone. */
const FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 6;

/** A classic group, or what DescribeGroups says where there is none. */
export function describeGroup(shard: GroupShard, groupId: string, apiVersion: number): DescribedClassicGroup {
  const group = shard.groups.get(groupId);
  if (group?.type === "classic") return describeClassicGroup(group);
  const dead = { ...failedDescription(groupId, ErrorCode.NONE), groupState: "Dead" };
  if (apiVersion < FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND) return dead;
  const errorMessage =
    group === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a classic group.`;
  return { ...dead, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage };
}

/** The answer of DescribeGroups about a group that can't be described. */
export function failedDescription(groupId: string, errorCode: number): DescribedClassicGroup {
  return { errorCode, groupId, groupState: "", protocolType: "", protocolData: "", members: [] };
}

/** A consumer group. Throws GROUP_ID_NOT_FOUND. */
export function describeConsumer(shard: GroupShard, groupId: string): DescribedConsumerGroup {
  const group = shard.groups.get(groupId);
  if (group?.type === "consumer") return describeConsumerGroup(shard, group);
  throw new KafkaError(
    "GROUP_ID_NOT_FOUND",
    group === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`,
  );
}

/** The answer of ConsumerGroupDescribe about a group that can't be described. */
export function failedConsumerDescription(
  groupId: string,
  { code, message }: KafkaError,
): DescribedConsumerGroup {
  return {
    errorCode: code,
    errorMessage: message,
    groupId,
    groupState: "",
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: "",
    members: [],
  };
}
