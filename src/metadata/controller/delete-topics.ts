/**
 * DeleteTopics: topics by name or by id (KIP-516), each once. Kafka's own topics may be deleted like any other.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { type Uuid, ZERO_UUID } from "../../protocol/uuid.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { TopicImage } from "../image/topic-image.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";

/** A topic as DeleteTopics names it: by its name, or by its id with the name null. */
export interface TopicToDelete {
  readonly name: string | null;
  /** ZERO_UUID with a name. */
  readonly topicId: Uuid;
}

export interface DeleteTopicResult {
  /** Null where the request gave an id that no topic has. */
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly error: KafkaError | undefined;
}

/**
 * Answers for each topic once.
 *
 * @throws KafkaError TOPIC_DELETION_DISABLED when delete.topic.enable is false
 */
export function deleteTopics(
  image: ClusterImage,
  { config }: ControllerEnvironment,
  topics: readonly TopicToDelete[],
): Outcome<DeleteTopicResult[]> {
  if (!config.deleteTopicEnable) {
    throw new KafkaError("TOPIC_DELETION_DISABLED", "Topic deletion is disabled.");
  }
  const results: DeleteTopicResult[] = [];
  const refuse = (name: string | null, topicId: Uuid, error: KafkaError) =>
    void results.push({ name, topicId, error });
  const chosen = new Map<Uuid, TopicImage>();
  for (const id of idsGiven(topics, refuse)) {
    const topic = image.topicById(id);
    if (topic === undefined) refuse(null, id, unknownId());
    else chosen.set(id, topic);
  }
  const twice = new Set<Uuid>();
  for (const name of namesGiven(topics, refuse)) {
    const topic = image.topicByName(name);
    if (topic === undefined) refuse(name, ZERO_UUID, unknownName());
    else if (chosen.has(topic.id)) twice.add(topic.id);
    else chosen.set(topic.id, topic);
  }
  for (const id of twice) {
    const message = "The provided topic name maps to an ID that was already supplied.";
    refuse(chosen.get(id)?.name ?? null, id, invalidRequest(message));
    chosen.delete(id);
  }
  const deleted = [...chosen.values()];
  results.push(...deleted.map(({ name, id }) => ({ name, topicId: id, error: undefined })));
  const records = deleted.map(({ id }) => ({
    name: "RemoveTopicRecord" as const,
    version: 0,
    message: { topicId: id },
  }));
  return { records, reply: results };
}

type Refuse = (name: string | null, topicId: Uuid, error: KafkaError) => void;

function idsGiven(topics: readonly TopicToDelete[], refuse: Refuse): Uuid[] {
  const ids: Uuid[] = [];
  for (const { name, topicId } of topics) {
    if (name !== null) continue;
    if (topicId !== ZERO_UUID) ids.push(topicId);
    else refuse(null, ZERO_UUID, invalidRequest("Neither topic name nor id were specified."));
  }
  const { once, twice } = counted(ids);
  for (const id of twice) refuse(null, id, invalidRequest("Duplicate topic id."));
  return once;
}

function namesGiven(topics: readonly TopicToDelete[], refuse: Refuse): string[] {
  const names: string[] = [];
  for (const { name, topicId } of topics) {
    if (name === null) continue;
    if (topicId === ZERO_UUID) names.push(name);
    else refuse(name, topicId, invalidRequest("You may not specify both topic name and topic id."));
  }
  const { once, twice } = counted(names);
  for (const name of twice) refuse(name, ZERO_UUID, invalidRequest("Duplicate topic name."));
  return once;
}

function counted<T>(values: readonly T[]): { once: T[]; twice: T[] } {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const once = [...counts].filter(([, count]) => count === 1).map(([value]) => value);
  const twice = [...counts].filter(([, count]) => count > 1).map(([value]) => value);
  return { once, twice };
}

function invalidRequest(message: string): KafkaError {
  return new KafkaError("INVALID_REQUEST", message);
}

function unknownName(): KafkaError {
  const message = "This server does not host this topic-partition.";
  return new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", message);
}

function unknownId(): KafkaError {
  return new KafkaError("UNKNOWN_TOPIC_ID", "This server does not host this topic ID.");
}
