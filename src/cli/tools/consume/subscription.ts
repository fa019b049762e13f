/**
 * What to consume, by the options of kafka-console-consumer.
 */
import type { Subscription } from "../../../client/consumer/subscription.ts";
import { WrongUse } from "../../command.ts";

interface GivenForSubscription {
  readonly topic: string | undefined;
  readonly include: string | undefined;
  readonly partition: number | undefined;
  readonly offset: string | undefined;
  readonly "from-beginning": boolean;
}

/** @throws WrongUse for options that don't go together */
export function subscriptionOf(given: GivenForSubscription): Subscription {
  const { topic, include, partition, offset } = given;
  if ((topic === undefined) === (include === undefined)) {
    throw new WrongUse("Exactly one of the following arguments is required: [topic], [include]");
  }
  if (partition === undefined) {
    if (offset !== undefined) throw new WrongUse("The partition is required when offset is specified.");
    return topic === undefined ? { pattern: topicPattern(include ?? "") } : { topics: [topic] };
  }
  if (topic === undefined) throw new WrongUse("The topic is required when partition is specified.");
  if (given["from-beginning"] && offset !== undefined) {
    throw new WrongUse("Options from-beginning and offset cannot be specified together.");
  }
  return { topic, partition, from: startOf(offset, given["from-beginning"]) };
}

/**
 * A regular expression that a topic's whole name has to match.
 *
 * @throws WrongUse
 */
function topicPattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function startOf(offset: string | undefined, fromBeginning: boolean): number | "earliest" | "latest" {
  if (offset === undefined) return fromBeginning ? "earliest" : "latest";
  const word = offset.toLowerCase();
  if (word === "earliest" || word === "latest") return word;
  if (/^\d+$/.test(offset)) return Number(offset);
  throw new WrongUse(
    `The provided offset value '${offset}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
  );
}
