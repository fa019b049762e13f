/**
 * What a consumer wants to read, and which topics and partitions that is now.
 */
import type { KafkaClient } from "../client.ts";
import { findTopics, type TopicInfo } from "../topics.ts";
import type { ConsumerConfig } from "./config.ts";

/** Topics by their names or by a pattern of them, or one partition. */
export type Subscription =
  | { readonly topics: readonly string[] }
  | { readonly pattern: RegExp }
  | { readonly topic: string; readonly partition: number; readonly from: number | "earliest" | "latest" };

/** The topics subscribed to that there are now, by their names. Rejects as `findTopics` does. */
export async function subscribedTopics(
  client: KafkaClient,
  config: ConsumerConfig,
  subscription: Subscription,
): Promise<TopicInfo[]> {
  const topics = await find(client, config, subscription);
  return topics.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function find(
  client: KafkaClient,
  config: ConsumerConfig,
  subscription: Subscription,
): Promise<TopicInfo[]> {
  if (!("pattern" in subscription)) {
    const names = "topics" in subscription ? subscription.topics : [subscription.topic];
    return findTopics(client, names, config.createsTopics);
  }
  const all = await findTopics(client, null, false);
  return all.filter(
    ({ name, isInternal }) =>
      subscription.pattern.test(name) && !(isInternal && config.excludesInternalTopics),
  );
}
