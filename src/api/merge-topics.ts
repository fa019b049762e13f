/**
 * Answers about topics, gathered in several places, with every topic once.
 */
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";

interface Topic<Partition> {
  readonly name?: string | undefined;
  readonly topicId?: Uuid | undefined;
  readonly partitions: readonly Partition[];
}

/** The topics in the order in which they come first, each with all of its partitions. */
export function mergeTopics<P, T extends Topic<P>>(
  topics: readonly (T & Topic<P>)[],
): (T & { partitions: P[] })[] {
  const merged = new Map<string, T & { partitions: P[] }>();
  for (const topic of topics) {
    const key = `${topic.topicId ?? ZERO_UUID} ${topic.name ?? ""}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...topic, partitions: [...topic.partitions] });
    else known.partitions.push(...topic.partitions);
  }
  return [...merged.values()];
}
