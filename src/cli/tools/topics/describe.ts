/**
 * Describing topics.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { UnsupportedVersionError } from "../../../client/errors.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../../../protocol/messages/list-partition-reassignments.ts";
import { parseUuid, ZERO_UUID } from "../../../protocol/uuid.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { ConfigSource, type DescribedConfig, describeConfigs, ResourceType } from "../admin/configs.ts";
import { isInternalTopic } from "../admin/topic-filter.ts";
import {
  describeFromMetadata,
  describeTopics,
  type PartitionDescription,
  type TopicDescription,
} from "../admin/topics.ts";
import { existingTopics } from "./chosen-topics.ts";
import type { TopicsGiven } from "./options.ts";

interface Reassignment {
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

interface Described {
  readonly topic: TopicDescription;
  readonly configs: readonly DescribedConfig[];
  readonly partitions: readonly {
    readonly info: PartitionDescription;
    readonly moving: Reassignment | undefined;
  }[];
}

/** Prints what there is to say of the topics that the options name. */
export async function describe(
  client: KafkaClient,
  given: TopicsGiven,
  json: boolean,
  print: (text: string) => void,
): Promise<void> {
  const topics = await chosenDescriptions(client, given, print);
  const configs = await describeConfigs(
    client,
    topics.map(({ name }) => ({ type: ResourceType.topic, name })),
  );
  const liveBrokers = await client.nodes();
  const moving = await reassignments(client, topics);
  const described = topics.map((topic, index) => ({
    topic,
    configs: configs[index] ?? [],
    partitions: topic.partitions.map((info) => ({
      info,
      moving: moving.get(`${topic.name}-${info.partition}`),
    })),
  }));
  const isShown = partitionFilter(given, liveBrokers);
  const withTopics = isShown === null;
  if (json) {
    print(JSON.stringify(described.flatMap((one) => jsonOf(one, isShown ?? (() => true), given))));
    return;
  }
  for (const one of described) {
    if (withTopics && (!given["topics-with-overrides"] || overrides(one.configs).length > 0))
      print(topicLine(one));
    if (given["topics-with-overrides"]) continue;
    for (const { info, moving: reassignment } of one.partitions) {
      if (isShown === null || isShown(info, one, reassignment))
        print(partitionLine(one.topic.name, info, reassignment));
    }
  }
}

async function chosenDescriptions(
  client: KafkaClient,
  given: TopicsGiven,
  print: (text: string) => void,
): Promise<TopicDescription[]> {
  const { "topic-id": idText, topic } = given;
  if (idText !== undefined && topic !== undefined && given["if-exists"]) {
    print(
      "Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID",
    );
  }
  const id = idText === undefined ? ZERO_UUID : parseUuid(idText);
  if (id === undefined)
    throw new ToolFailure(`Input string \`${idText}\` is no base64-encoded UUID of 16 bytes`);
  if (id === ZERO_UUID) {
    const names = await existingTopics(client, given);
    return describeTopics(client, names, given["partition-size-limit-per-response"]);
  }
  const all = await describeFromMetadata(client, null);
  const found = all.filter(
    (one) => one.id === id && !(given["exclude-internal"] && isInternalTopic(one.name)),
  );
  if (found.length === 0 && !given["if-exists"]) {
    throw new ToolFailure(`TopicId '${id}' does not exist as expected`);
  }
  return found;
}

/** The partitions that are moving, by `topic-partition`; none where the brokers can't say. */
async function reassignments(
  client: KafkaClient,
  topics: readonly TopicDescription[],
): Promise<Map<string, Reassignment>> {
  if (topics.length === 0) return new Map();
  try {
    const answer = await client.send(
      "controller",
      ListPartitionReassignmentsRequest,
      ListPartitionReassignmentsResponse,
      {
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitionIndexes: partitions.map(({ partition }) => partition),
        })),
      },
    );
    return new Map(
      answer.topics.flatMap(({ name, partitions }) =>
        partitions.map((one) => [`${name}-${one.partitionIndex}`, one] as const),
      ),
    );
  } catch (error) {
    if (error instanceof UnsupportedVersionError) return new Map();
    throw error;
  }
}

type Filter = (info: PartitionDescription, topic: Described, moving: Reassignment | undefined) => boolean;

/** Which partitions are shown; null for all, and the topics as well. */
function partitionFilter(given: TopicsGiven, liveBrokers: readonly number[]): Filter | null {
  const filters: Filter[] = [];
  if (given["under-replicated-partitions"]) {
    filters.push((info, _, moving) => replicationFactor(info, moving) > info.isr.length);
  }
  if (given["unavailable-partitions"]) filters.push(({ leader }) => !liveBrokers.includes(leader));
  if (given["under-min-isr-partitions"]) {
    filters.push(({ leader, isr }, topic) => leader < 0 || isr.length < minInSyncReplicas(topic));
  }
  if (given["at-min-isr-partitions"])
    filters.push(({ isr }, topic) => isr.length === minInSyncReplicas(topic));
  if (filters.length === 0) return null;
  return (info, topic, moving) => filters.some((filter) => filter(info, topic, moving));
}

function minInSyncReplicas({ configs }: Described): number {
  return Number(configs.find(({ name }) => name === "min.insync.replicas")?.value ?? 1);
}

/** Replicas that are only being added don't count. */
function replicationFactor({ replicas }: PartitionDescription, moving: Reassignment | undefined): number {
  const changing = new Set([...(moving?.addingReplicas ?? []), ...(moving?.removingReplicas ?? [])]);
  if (moving === undefined || !replicas.some((id) => changing.has(id))) return replicas.length;
  return moving.replicas.length - moving.addingReplicas.length;
}

function overrides(configs: readonly DescribedConfig[]): DescribedConfig[] {
  return configs.filter(({ configSource }) => configSource !== ConfigSource.default);
}

function topicLine({ topic, configs, partitions: [first] }: Described): string {
  const id = topic.id === ZERO_UUID ? "" : `\tTopicId: ${topic.id}`;
  const factor = first === undefined ? 0 : replicationFactor(first.info, first.moving);
  const set = overrides(configs).map(({ name, value }) => `${name}=${value}`);
  return (
    `Topic: ${topic.name}${id}\tPartitionCount: ${topic.partitions.length}` +
    `\tReplicationFactor: ${factor}\tConfigs: ${set.join(",")}`
  );
}

function partitionLine(topic: string, info: PartitionDescription, moving: Reassignment | undefined): string {
  const { partition, leader, replicas, isr, elr, lastKnownElr } = info;
  const changing =
    moving === undefined
      ? ""
      : `\tAdding Replicas: ${moving.addingReplicas.join(",")}\tRemoving Replicas: ${moving.removingReplicas.join(",")}`;
  return (
    `\tTopic: ${topic}\tPartition: ${partition}\tLeader: ${leader < 0 ? "none" : leader}` +
    `\tReplicas: ${replicas.join(",")}\tIsr: ${isr.join(",")}${changing}` +
    `\tElr: ${elr?.join(",") ?? "N/A"}\tLastKnownElr: ${lastKnownElr?.join(",") ?? "N/A"}`
  );
}

function jsonOf(one: Described, isShown: Filter, given: TopicsGiven): unknown[] {
  const own = overrides(one.configs);
  if (given["topics-with-overrides"] && own.length === 0) return [];
  const { name, id, internal } = one.topic;
  const partitions = one.partitions
    .filter(({ info, moving }) => isShown(info, one, moving))
    .map(({ info }) => info);
  if (partitions.length === 0) return [];
  const configs = Object.fromEntries(own.map((config) => [config.name, config.value]));
  return [{ name, id, internal, configs, partitions }];
}
