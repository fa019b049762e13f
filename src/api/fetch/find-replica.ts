/**
 * From a partition of a fetch to its log. A topic that a session knew and that is gone is told apart from one that
 * was never there, as in Kafka.
 */
import type { TopicImage } from "../../metadata/image/cluster-image.ts";
import { KafkaError } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { RequestContext } from "../context.ts";
import type { Replica } from "../replicas.ts";
import type { FetchPartition } from "./fetch-partition.ts";

/**
 * The replica to fetch from.
 *
 * @throws KafkaError UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID, and what `Replicas.leader` throws
 */
export function findReplica(target: FetchPartition, context: RequestContext): Replica {
  const { topicId, topicName, index, currentLeaderEpoch } = target;
  const { replicas } = context.broker;
  const topic =
    topicId === undefined ? replicas.topicByName(topicName ?? "") : topicById(topicId, target, context);
  return replicas.leader(topic, index, currentLeaderEpoch);
}

function topicById(topicId: Uuid, target: FetchPartition, { broker }: RequestContext): TopicImage {
  const topic = broker.metadata.image.topicById(topicId);
  if (topic !== undefined) {
    target.topicName = topic.name;
    return topic;
  }
  if (target.topicName === undefined) return broker.replicas.topicById(topicId);
  broker.replicas.topicByName(target.topicName);
  throw new KafkaError("INCONSISTENT_TOPIC_ID", "The topic of that name has another id now.");
}
