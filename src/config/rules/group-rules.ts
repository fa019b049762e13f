/**
 * Rules of the group coordinator: every interval and limit that groups may set has a least and a greatest value, and
 * the broker's own value lies between them.
 */

import { InvalidConfigError } from "../config-value.ts";
import type { ConfigLayers } from "../layers.ts";
import type { BrokenRule, Rule } from "./rule.ts";

const notLess = (greater: string, smaller: string): Rule =>
  compare(greater, smaller, "greater than or equal to", (a, b) => a >= b);
const notMore = (smaller: string, greater: string): Rule =>
  compare(smaller, greater, "less than or equal to", (a, b) => a <= b);
const less = (smaller: string, greater: string): Rule =>
  compare(smaller, greater, "less than", (a, b) => a < b);

function compare(left: string, right: string, word: string, holds: (a: number, b: number) => boolean): Rule {
  return (layers) =>
    holds(layers.number(left), layers.number(right))
      ? null
      : { keys: [left, right], message: `${left} must be ${word} ${right}` };
}

/** `prefix.name` between `prefix.min.name` and `prefix.max.name`. */
const within = (prefix: string, name: string): Rule[] => [
  notLess(`${prefix}.max.${name}`, `${prefix}.min.${name}`),
  notLess(`${prefix}.${name}`, `${prefix}.min.${name}`),
  notMore(`${prefix}.${name}`, `${prefix}.max.${name}`),
];

const timing = (prefix: string): Rule[] => [
  ...within(prefix, "heartbeat.interval.ms"),
  ...within(prefix, "session.timeout.ms"),
  less(`${prefix}.heartbeat.interval.ms`, `${prefix}.session.timeout.ms`),
  ...within(prefix, "assignment.interval.ms"),
];

/** Share groups word the upper end the other way round. */
const shareLimit = (name: string): Rule[] => [
  notLess(`group.share.${name}`, `group.share.min.${name}`),
  notLess(`group.share.max.${name}`, `group.share.${name}`),
];

/** Assignors that come with Kafka, by name or class; a class of the user's own can't be loaded here. */
const assignors: readonly [string, readonly string[]][] = [
  [
    "group.consumer.assignors",
    [
      "uniform",
      "range",
      "org.apache.kafka.coordinator.group.assignor.UniformAssignor",
      "org.apache.kafka.coordinator.group.assignor.RangeAssignor",
    ],
  ],
  ["group.share.assignors", ["simple", "org.apache.kafka.coordinator.group.assignor.SimpleAssignor"]],
  ["group.streams.assignors", ["sticky"]],
];

const knownAssignors = assignors.map(
  ([key, known]): Rule =>
    (layers) => {
      const unknown = layers.list(key).find((assignor) => !known.includes(assignor));
      if (unknown === undefined) return null;
      return {
        keys: [key],
        message: `Invalid value ${unknown} for configuration ${key}: Class cannot be found`,
      };
    },
);

function rebalanceProtocols(layers: ConfigLayers): BrokenRule | null {
  const key = "group.coordinator.rebalance.protocols";
  if (layers.list(key).includes("classic")) return null;
  return { keys: [key], message: "Disabling the 'classic' protocol is not supported." };
}

const compressionCodec =
  (key: string): Rule =>
  (layers) => {
    const id = layers.number(key);
    return id >= 0 && id <= 4 ? null : { keys: [key], message: `Unknown compression type id: ${id}` };
  };

/** The list drops repeated elements when it is read, so they are looked for in the text. */
function distinctTags(layers: ConfigLayers): null {
  const key = "group.streams.rack.aware.assignment.tags";
  requireDistinctTags(key, layers.raw(key) ?? "");
  return null;
}

/** @throws InvalidConfigError when a tag stands in `text` twice */
export function requireDistinctTags(key: string, text: string): void {
  const tags = text.trim().split(/\s*,\s*/);
  if (new Set(tags).size < tags.length) {
    throw new InvalidConfigError(key, `${key} must not contain duplicate tag keys.`);
  }
}

export const groupRules: readonly Rule[] = [
  compressionCodec("offsets.topic.compression.codec"),
  compressionCodec("share.coordinator.state.topic.compression.codec"),
  rebalanceProtocols,
  ...timing("group.consumer"),
  ...timing("group.share"),
  ...timing("group.streams"),
  notMore("group.streams.num.standby.replicas", "group.streams.max.standby.replicas"),
  notLess("group.streams.task.offset.interval.ms", "group.streams.min.task.offset.interval.ms"),
  notMore("group.streams.num.warmup.replicas", "group.streams.max.warmup.replicas"),
  distinctTags,
  ...shareLimit("delivery.count.limit"),
  ...shareLimit("record.lock.duration.ms"),
  ...shareLimit("partition.max.record.locks"),
  notLess("group.share.max.share.sessions", "group.share.max.size"),
  ...knownAssignors,
];
