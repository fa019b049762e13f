/**
 * What the tools ask of consumer groups.
 */

import { checkError, serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { UnsupportedVersionError } from "../../../client/errors.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { ListGroupsRequest, ListGroupsResponse } from "../../../protocol/messages/list-groups.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../../protocol/messages/offset-fetch.ts";
import { ask } from "./ask.ts";
import { describeClassicGroup } from "./classic-group.ts";
import { describeConsumerProtocolGroup } from "./consumer-protocol-group.ts";

/** Topics are named by their names up to here, and by their ids in newer versions. */
export const LAST_VERSION_WITH_NAMES = 9;

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupListing {
  readonly group: string;
  /** `Classic` or `Consumer`; `Unknown` where the broker doesn't say. */
  readonly type: string;
  readonly state: string;
}

export interface GroupMember {
  readonly id: string;
  /** "" for a member without. */
  readonly instanceId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
  readonly targetAssignment: readonly TopicPartition[];
  readonly epoch: number | null;
  /** Whether a member speaks the consumer protocol; null where the broker doesn't say. */
  readonly upgraded: boolean | null;
}

export interface GroupDescription {
  readonly group: string;
  readonly state: string;
  readonly assignor: string;
  readonly members: readonly GroupMember[];
  readonly groupEpoch: number | null;
  readonly assignmentEpoch: number | null;
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
  /** -1 where it isn't known. */
  readonly leaderEpoch: number;
}

/** The consumer groups of all brokers, by name: all, where no states or types are given. */
export async function listGroups(
  client: KafkaClient,
  states: readonly string[] = [],
  types: readonly string[] = [],
): Promise<GroupListing[]> {
  const answers = await Promise.all(
    (await client.nodes()).map((node) =>
      ask(client, async () => {
        const answer = await client.sendOnce({ node }, ListGroupsRequest, ListGroupsResponse, {
          statesFilter: states,
          typesFilter: types,
        });
        checkError(answer.errorCode);
        return answer.groups;
      }),
    ),
  );
  return answers
    .flat()
    .filter(({ protocolType }) => protocolType === "consumer" || protocolType === "")
    .map(({ groupId, groupState, groupType }) => ({
      group: groupId,
      type: capitalized(groupType),
      state: groupState || "Unknown",
    }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

function capitalized(type: string): string {
  return type === "" ? "Unknown" : `${type[0]?.toUpperCase()}${type.slice(1).toLowerCase()}`;
}

/** A group of either protocol. Rejects with a KafkaError, GROUP_ID_NOT_FOUND where there is none of that name. */
export function describeGroup(client: KafkaClient, group: string): Promise<GroupDescription> {
  return ask(client, async () => {
    try {
      return await describeConsumerProtocolGroup(client, group);
    } catch (error) {
      const isOther = error instanceof KafkaError && error.errorName === "GROUP_ID_NOT_FOUND";
      if (!isOther && !(error instanceof UnsupportedVersionError)) throw error;
    }
    return describeClassicGroup(client, group);
  });
}

/** What a group has committed. Rejects with a KafkaError. */
export function committedOffsets(client: KafkaClient, group: string): Promise<CommittedOffset[]> {
  return ask(client, async () => {
    const answer = await client.sendOnce(
      { group },
      OffsetFetchRequest,
      OffsetFetchResponse,
      { groups: [{ groupId: group, topics: null }], groupId: group, topics: null, requireStable: false },
      { maxVersion: LAST_VERSION_WITH_NAMES },
    );
    const [found] = answer.groups.length > 0 ? answer.groups : [answer];
    checkError(found?.errorCode ?? 0);
    return (found?.topics ?? []).flatMap(({ name, partitions }) =>
      partitions.flatMap(({ partitionIndex, committedOffset, committedLeaderEpoch, errorCode }) => {
        const error = serverError(errorCode);
        if (error !== null) throw error;
        if (committedOffset < 0n) return [];
        return [
          {
            topic: name,
            partition: partitionIndex,
            offset: Number(committedOffset),
            leaderEpoch: committedLeaderEpoch,
          },
        ];
      }),
    );
  });
}

/** By topic and number. */
export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}
