/**
 * Deleting groups, and their offsets.
 */

import { javaText, serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import type { ErrorName, KafkaError } from "../../../protocol/errors.ts";
import { DeleteGroupsRequest, DeleteGroupsResponse } from "../../../protocol/messages/delete-groups.ts";
import { OffsetDeleteRequest, OffsetDeleteResponse } from "../../../protocol/messages/offset-delete.ts";
import type { Output } from "../../output.ts";
import { ask, mayPass } from "../admin/ask.ts";
import { byTopicAndPartition, type TopicPartition } from "../admin/groups.ts";
import { longest, paddedRow } from "../admin/table.ts";
import { byTopic } from "../admin/topics.ts";
import { namedPartitions } from "./partitions.ts";

/** Deletes groups, and resolves to whether all have been. */
export async function deleteGroups(
  client: KafkaClient,
  groups: readonly string[],
  output: Output,
): Promise<boolean> {
  const results = await Promise.all(
    groups.map(async (group) => [group, await deleteGroup(client, group)] as const),
  );
  const failed = results.flatMap(([group, error]) => (error === null ? [] : [{ group, error }]));
  const deleted = results.flatMap(([group, error]) => (error === null ? [`'${group}'`] : []));
  if (failed.length === 0) {
    output.line(`Deletion of requested consumer groups (${deleted.join(", ")}) was successful.`);
    return true;
  }
  output.line("\nError: Deletion of some consumer groups failed:");
  for (const { group, error } of failed) {
    output.line(`* Group '${group}' could not be deleted due to: ${javaText(error)}`);
  }
  if (deleted.length > 0) {
    output.line(`\nThese consumer groups were deleted successfully: ${deleted.join(", ")}`);
  }
  return false;
}

function deleteGroup(client: KafkaClient, group: string): Promise<KafkaError | null> {
  return ask(client, async () => {
    const { results } = await client.sendOnce({ group }, DeleteGroupsRequest, DeleteGroupsResponse, {
      groupsNames: [group],
    });
    const error = serverError(results[0]?.errorCode ?? 0, results[0]?.errorMessage);
    if (mayPass(error)) throw error;
    return error;
  });
}

interface Deleted extends TopicPartition {
  readonly error: KafkaError | null;
}

const ofTheGroup = new Set<ErrorName>([
  "INVALID_GROUP_ID",
  "GROUP_ID_NOT_FOUND",
  "GROUP_AUTHORIZATION_FAILED",
  "NON_EMPTY_GROUP",
]);

/** Deletes a group's offsets of topics, and resolves to whether all have been. */
export async function deleteOffsets(
  client: KafkaClient,
  group: string,
  words: readonly string[],
  output: Output,
): Promise<boolean> {
  const { partitions, unknown } = await namedPartitions(client, words);
  const { error, deleted } = await deleteOffsetsOf(client, group, partitions);
  const results = [...deleted, ...unknown.map((one) => ({ ...one, partition: -1 }))];
  const partial = deleted.find((one) => one.error !== null);
  if (error !== null && ofTheGroup.has(error.errorName)) output.line(`\nError: ${error.message}`);
  else if (error !== null) output.line(`\nError: Encountered some unknown error: ${error.errorName}`);
  else if (partial !== undefined) {
    output.line("\nError: Encountered some partition-level error, see the follow-up details.");
  } else output.line(`Request succeeded for deleting offsets from group ${group}.`);
  output.line(table(results));
  return error === null && results.every((one) => one.error === null);
}

function deleteOffsetsOf(
  client: KafkaClient,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<{ error: KafkaError | null; deleted: Deleted[] }> {
  return ask(client, async () => {
    const answer = await client.sendOnce({ group }, OffsetDeleteRequest, OffsetDeleteResponse, {
      groupId: group,
      topics: [...byTopic(partitions)].map(([name, all]) => ({
        name,
        partitions: all.map(({ partition }) => ({ partitionIndex: partition })),
      })),
    });
    const error = serverError(answer.errorCode);
    if (error !== null && mayPass(error)) throw error;
    const answered = new Map(
      answer.topics.flatMap(({ name, partitions: all }) =>
        all.map(
          ({ partitionIndex, errorCode }) => [`${name}-${partitionIndex}`, serverError(errorCode)] as const,
        ),
      ),
    );
    const deleted = partitions.map(({ topic, partition }) => ({
      topic,
      partition,
      error: error ?? answered.get(`${topic}-${partition}`) ?? null,
    }));
    return { error, deleted };
  });
}

const TOPIC_COLUMN = 15;
const STATUS_COLUMN = 15;
const PARTITION_COLUMN = 10;

function table(results: readonly Deleted[]): string {
  const widths = [
    longest(
      results.map(({ topic }) => topic),
      TOPIC_COLUMN,
    ),
    ...[PARTITION_COLUMN, STATUS_COLUMN],
  ];
  const rows = results.toSorted(byTopicAndPartition).map(({ topic, partition, error }) => {
    const status = error === null ? "Successful" : `Error: ${javaText(error)}`;
    return [topic, partition < 0 ? "-" : partition, status];
  });
  return ["", ...[["TOPIC", "PARTITION", "STATUS"], ...rows].map((cells) => paddedRow(cells, widths))].join(
    "\n",
  );
}
