/**
 * Partitions as `--topic` names them: all of a topic, or `topic:0,1,2`.
 */
import { serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import type { KafkaError } from "../../../protocol/errors.ts";
import { WrongUse } from "../../command.ts";
import type { TopicPartition } from "../admin/groups.ts";

interface NamedPartitions {
  readonly partitions: TopicPartition[];
  /** Topics whose partitions can't be told. */
  readonly unknown: readonly { readonly topic: string; readonly error: KafkaError }[];
}

/** The partitions, each once. Throws WrongUse for a word that names none. */
export async function namedPartitions(
  client: KafkaClient,
  words: readonly string[],
): Promise<NamedPartitions> {
  const named = words.filter((word) => word.includes(":")).flatMap(partitionsOf);
  const whole = words.filter((word) => !word.includes(":"));
  const { topics } = whole.length === 0 ? { topics: [] } : await client.metadata(whole);
  const all = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex }) => ({ topic: name ?? "", partition: partitionIndex })),
  );
  const byName = new Map([...named, ...all].map((one) => [`${one.topic}-${one.partition}`, one]));
  const unknown = topics.flatMap(({ name, errorCode }) => {
    const error = serverError(errorCode);
    return error === null ? [] : [{ topic: name ?? "", error }];
  });
  return { partitions: [...byName.values()], unknown };
}

function partitionsOf(word: string): TopicPartition[] {
  const [topic = "", numbers = "", ...more] = word.split(":");
  if (numbers === "" || more.length > 0) {
    throw new WrongUse(`Invalid topic arg '${word}', expected topic name and partitions`);
  }
  return numbers.split(",").map((number) => {
    if (!/^\d+$/.test(number)) {
      throw new WrongUse(`Invalid partition '${number}' specified in topic arg '${word}''`);
    }
    return { topic, partition: Number(number) };
  });
}
