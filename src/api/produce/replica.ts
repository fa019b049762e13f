/**
 * Finds the partition that a produce request wants to write to.
 */
import type { RequestContext } from "../context.ts";
import type { Replica } from "../replicas.ts";
import type { RequestedTopic } from "./types.ts";

const FIRST_VERSION_WITH_TOPIC_IDS = 13;

/** The leader's replica. Throws KafkaError where this broker has none; see `Replicas`. */
export function findReplica(
  topic: RequestedTopic,
  index: number,
  { apiVersion, broker }: RequestContext,
): Replica {
  const { replicas } = broker;
  const byId = apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS;
  return replicas.leader(byId ? replicas.topicById(topic.topicId) : replicas.topicByName(topic.name), index);
}
