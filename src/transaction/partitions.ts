/**
 * The partitions that take part in a transaction: by topic, each once. They are values, never changed.
 */
export type TransactionPartitions = ReadonlyMap<string, ReadonlySet<number>>;

/** Some partitions of a topic, as requests and records name them. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** One partition. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const noPartitions: TransactionPartitions = new Map();

/** All of `present` and all of `added`. */
export function withPartitions(
  present: TransactionPartitions,
  added: readonly TopicPartitions[],
): TransactionPartitions {
  const all = new Map(present);
  for (const { topic, partitions } of added) {
    all.set(topic, new Set([...(all.get(topic) ?? []), ...partitions]));
  }
  return all;
}

/** Those of `wanted` that are not in `present`. */
export function missingFrom(
  present: TransactionPartitions,
  wanted: readonly TopicPartitions[],
): TopicPartition[] {
  return eachOf(wanted).filter(({ topic, partition }) => !present.get(topic)?.has(partition));
}

/** One by one. */
export function eachOf(partitions: readonly TopicPartitions[]): TopicPartition[] {
  return partitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

/** By topic, for records and replies. */
export function byTopic(partitions: TransactionPartitions): TopicPartitions[] {
  return [...partitions].map(([topic, indexes]) => ({ topic, partitions: [...indexes] }));
}
