/**
 * The topics that kafka-topics is to work on.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { isInternalTopic, topicMatcher } from "../admin/topic-filter.ts";
import { topicNames } from "../admin/topics.ts";
import type { TopicsGiven } from "./options.ts";

/** The topics that the options name: all, where none is named. */
export async function chosenTopics(client: KafkaClient, given: TopicsGiven): Promise<string[]> {
  const names = await topicNames(client);
  const isMeant = given.topic === undefined ? () => true : topicMatcher(given.topic);
  return names.filter((name) => isMeant(name) && !(given["exclude-internal"] && isInternalTopic(name)));
}

/** As chosenTopics; there has to be one, unless `--if-exists` says otherwise. */
export async function existingTopics(client: KafkaClient, given: TopicsGiven): Promise<string[]> {
  const names = await chosenTopics(client, given);
  if (names.length === 0 && given.topic && !given["if-exists"]) {
    throw new ToolFailure(`Topic '${given.topic}' does not exist as expected`);
  }
  return names;
}
