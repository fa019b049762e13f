/**
 * Which names topics may have, in Kafka's words.
 */
import { KafkaError } from "../../protocol/errors.ts";

/** The metadata log's own topic, which nobody creates. */
export const CLUSTER_METADATA_TOPIC = "__cluster_metadata";

const MAX_LENGTH = 249;

/** Why a name can't be a topic's; undefined when it can. */
function whyInvalid(name: string): string | undefined {
  if (name === "") return "the empty string is not allowed";
  if (name === "." || name === "..") return `'${name}' is not allowed`;
  if (name.length > MAX_LENGTH) {
    return `the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`;
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return undefined;
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}

/** INVALID_TOPIC_EXCEPTION with Kafka's message, or undefined for a name that a topic may have. */
export function invalidTopicName(name: string): KafkaError | undefined {
  const why = whyInvalid(name);
  if (why === undefined) return undefined;
  return new KafkaError("INVALID_TOPIC_EXCEPTION", `Topic name is invalid: ${why}`);
}
