/**
 * Setting a group's offsets.
 */

import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../../../protocol/messages/offset-commit.ts";
import { WrongUse } from "../../command.ts";
import type { Output } from "../../output.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { textOfFile } from "../../tool/file.ts";
import { ask } from "../admin/ask.ts";
import {
  byTopicAndPartition,
  committedOffsets,
  describeGroup,
  LAST_VERSION_WITH_NAMES,
  type TopicPartition,
} from "../admin/groups.ts";
import { longest, paddedRow } from "../admin/table.ts";
import { byTopic, existingPartitions } from "../admin/topics.ts";
import { newOffsets } from "./new-offsets.ts";
import { type GroupsGiven, resetWays } from "./options.ts";
import { namedPartitions } from "./partitions.ts";

export interface NewOffset extends TopicPartition {
  readonly offset: number;
}

/** Partitions that were named aren't there. */
export class PartitionsError extends KafkaError {}

const COLUMN = 15;
const PARTITION_COLUMN = 10;
const NO_GENERATION = -1;

/**
 * Prints the new offsets of groups, and sets them where `--execute` says so. Resolves to whether all groups could be
 * dealt with.
 */
export async function resetOffsets(
  client: KafkaClient,
  groups: readonly string[],
  given: GroupsGiven,
  output: Output,
  json: boolean,
): Promise<boolean> {
  if (!given["dry-run"] && !given.execute) {
    output.complain("WARN: No action will be performed as the --execute option is missing.");
  }
  if (!resetWays.some((way) => given[way] !== false && given[way] !== undefined)) {
    throw new WrongUse(
      `Option '[reset-offsets]' requires one of the following scenarios: ${resetWays.map((way) => `[${way}]`).join(", ")}`,
    );
  }
  let succeeded = true;
  const reset = new Map<string, NewOffset[]>();
  for (const group of groups) {
    const state = await stateOf(client, group);
    if (state !== "Empty" && state !== "Dead") {
      output.line(
        `\nError: Assignments can only be reset if the group '${group}' is inactive, but the current state is ${state}.`,
      );
      reset.set(group, []);
      succeeded = false;
      continue;
    }
    reset.set(group, await resetGroup(client, group, given, output));
  }
  if (json) output.line(JSON.stringify([...reset].map(([group, offsets]) => ({ group, offsets }))));
  else if (given.export) output.line(csvOf(reset, given.group.length === 1));
  else output.line(tableOf(reset));
  return succeeded;
}

/** A group that there isn't can be given offsets, too. */
async function stateOf(client: KafkaClient, group: string): Promise<string> {
  try {
    return (await describeGroup(client, group)).state;
  } catch (error) {
    if (error instanceof KafkaError && error.errorName === "GROUP_ID_NOT_FOUND") return "Dead";
    throw error;
  }
}

async function resetGroup(
  client: KafkaClient,
  group: string,
  given: GroupsGiven,
  output: Output,
): Promise<NewOffset[]> {
  const partitions = await partitionsToReset(client, group, given);
  const existing = await existingPartitions(client, partitions);
  const missing = partitions.filter((one) => !existing.includes(one));
  if (missing.length > 0) {
    const names = missing.map(({ topic, partition }) => `${topic}-${partition}`);
    throw new PartitionsError(
      "UNKNOWN_TOPIC_OR_PARTITION",
      `The partitions "${names.join(",")}" do not exist`,
    );
  }
  const plan =
    given["from-file"] === undefined ? [] : planOf(given["from-file"], group, given.group.length === 1);
  const offsets = await newOffsets(client, group, partitions, plan, given, output);
  offsets.sort(byTopicAndPartition);
  if (given.execute) await commit(client, group, offsets);
  return offsets;
}

async function partitionsToReset(
  client: KafkaClient,
  group: string,
  given: GroupsGiven,
): Promise<TopicPartition[]> {
  if (given["all-topics"]) return committedOffsets(client, group);
  if (given.topic.length > 0) {
    const { partitions, unknown } = await namedPartitions(client, given.topic);
    const [missing] = unknown;
    if (missing !== undefined) throw missing.error;
    return partitions;
  }
  if (given["from-file"] === undefined) {
    throw new WrongUse("One of the reset scopes should be defined: --all-topics, --topic.");
  }
  return [];
}

/** The offsets that a file of `topic,partition,offset` or `group,topic,partition,offset` has for a group. */
function planOf(path: string, group: string, single: boolean): NewOffset[] {
  return textOfFile(path)
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const cells = line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
      const [ofGroup, topic = "", partition = "", offset = ""] =
        cells.length === 3 && single ? [group, ...cells] : cells;
      if (cells.length > 4 || !/^\d+$/.test(partition) || !/^-?\d+$/.test(offset)) {
        throw new ToolFailure(`${path}, line ${index + 1}: '${line}' is no [group,]topic,partition,offset`);
      }
      return ofGroup === group ? [{ topic, partition: Number(partition), offset: Number(offset) }] : [];
    });
}

async function commit(client: KafkaClient, group: string, offsets: readonly NewOffset[]): Promise<void> {
  if (offsets.length === 0) return;
  await ask(client, async () => {
    const { topics } = await client.sendOnce(
      { group },
      OffsetCommitRequest,
      OffsetCommitResponse,
      {
        groupId: group,
        generationIdOrMemberEpoch: NO_GENERATION,
        memberId: "",
        topics: [...byTopic(offsets)].map(([name, partitions]) => ({
          name,
          partitions: partitions.map(({ partition, offset }) => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedMetadata: "",
          })),
        })),
      },
      { maxVersion: LAST_VERSION_WITH_NAMES },
    );
    for (const { partitions } of topics) for (const { errorCode } of partitions) checkError(errorCode);
  });
}

function tableOf(reset: ReadonlyMap<string, readonly NewOffset[]>): string {
  const topics = [...reset.values()].flatMap((offsets) => offsets.map(({ topic }) => topic));
  const widths = [longest([...reset.keys()], COLUMN), longest(topics, COLUMN), PARTITION_COLUMN];
  const rows = [...reset].flatMap(([group, offsets]) =>
    offsets.map(({ topic, partition, offset }) => [group, topic, partition, offset]),
  );
  return [
    "",
    ...[["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"], ...rows].map((cells) => paddedRow(cells, widths)),
  ].join("\n");
}

function csvOf(reset: ReadonlyMap<string, readonly NewOffset[]>, single: boolean): string {
  const lines = [...reset].flatMap(([group, offsets]) =>
    offsets.map(({ topic, partition, offset }) =>
      [...(single ? [] : [group]), topic, partition, offset].join(","),
    ),
  );
  return lines.map((line) => `${line}\n`).join("");
}
