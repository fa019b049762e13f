/**
 * Rules between keys: what Kafka checks after each key by itself is in order, with Kafka's messages, since dynamic
 * changes send them to clients. What Kafka demands of a controller quorum is left out; Houska doesn't need it.
 */

import { InvalidConfigError } from "../config-value.ts";
import type { ConfigLayers } from "../layers.ts";
import { parsePairs } from "../listeners.ts";
import { groupRules } from "./group-rules.ts";
import { listenerRules } from "./listener-rules.ts";
import { type BrokenRule, type Rule, requirement } from "./rule.ts";

const nodeRules: Rule[] = [
  ({ effective }) => {
    const node = effective.get("node.id")?.trim();
    const broker = effective.get("broker.id")?.trim();
    if (node === undefined || broker === undefined || Number(node) === Number(broker)) return null;
    return {
      keys: ["broker.id", "node.id"],
      message:
        "`node.id` and `broker.id` must be set to the same value. `broker.id` is deprecated, please use `node.id` instead.",
    };
  },
  (layers) =>
    layers.list("process.roles").includes("broker")
      ? null
      : {
          keys: ["process.roles"],
          message: "process.roles must contain broker: Houska runs no controller alone",
        },
];

const logRules: Rule[] = [
  requirement(
    ["log.roll.ms", "log.roll.hours"],
    "log.roll.ms must be greater than or equal to 1",
    (layers) => {
      const ms = layers.value("log.roll.ms");
      return ms === null || Number(ms) >= 1;
    },
  ),
  requirement(
    ["log.roll.jitter.ms"],
    "log.roll.jitter.ms must be greater than or equal to 0",
    (layers) => Number(layers.value("log.roll.jitter.ms") ?? 0) >= 0,
  ),
  requirement(
    ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
    "log.retention.ms must be unlimited (-1) or, greater than or equal to 1",
    (layers) => {
      const keys = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"];
      return Number(keys.map((key) => layers.value(key)).find((value) => value !== null)) !== 0;
    },
  ),
  requirement(
    ["log.cleaner.threads"],
    "log.cleaner.threads must be at least 1",
    (layers) => layers.number("log.cleaner.threads") > 0,
  ),
  requirement(
    ["log.cleaner.dedupe.buffer.size", "log.cleaner.threads"],
    "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
    (layers) =>
      Math.floor(layers.number("log.cleaner.dedupe.buffer.size") / layers.number("log.cleaner.threads")) >
      1024 * 1024,
  ),
  (layers) => {
    const known = layers.list(layers.effective.has("log.dirs") ? "log.dirs" : "log.dir");
    const missing = layers.list("cordoned.log.dirs").filter((dir) => dir !== "*" && !known.includes(dir));
    if (missing.length === 0) return null;
    return {
      keys: ["cordoned.log.dirs"],
      message: `requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ${missing.join(", ")}`,
    };
  },
];

const replicationRules: Rule[] = [
  requirement(
    ["replica.fetch.wait.max.ms", "replica.socket.timeout.ms"],
    "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts",
    (layers) => layers.number("replica.fetch.wait.max.ms") <= layers.number("replica.socket.timeout.ms"),
  ),
  requirement(
    ["replica.lag.time.max.ms", "replica.fetch.wait.max.ms"],
    "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR",
    (layers) => layers.number("replica.fetch.wait.max.ms") <= layers.number("replica.lag.time.max.ms"),
  ),
];

const networkRules: Rule[] = [
  requirement(
    ["queued.max.request.bytes", "socket.request.max.bytes"],
    "queued.max.request.bytes must be larger or equal to socket.request.max.bytes",
    (layers) => {
      const queued = layers.number("queued.max.request.bytes");
      return queued <= 0 || queued >= layers.number("socket.request.max.bytes");
    },
  ),
  requirement(
    ["max.connections.per.ip"],
    "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.",
    (layers) =>
      layers.number("max.connections.per.ip") !== 0 ||
      layers.string("max.connections.per.ip.overrides") !== "",
  ),
  (layers) => {
    const key = "max.connections.per.ip.overrides";
    const wrong = parsePairs(key, layers.string(key) ?? "").find(
      ([address, count]) => !/^[0-9a-zA-Z\-%._:]+$/.test(address) || !/^[+-]?\d+$/.test(count),
    );
    if (wrong === undefined) return null;
    return { keys: [key], message: `${key} contains invalid addresses : ${wrong[0]}` };
  },
  (layers) => {
    const idle = layers.number("connections.max.idle.ms");
    const delay = layers.number("connection.failed.authentication.delay.ms");
    if (idle < 0 || delay < idle) return null;
    return {
      keys: ["connections.max.idle.ms", "connection.failed.authentication.delay.ms"],
      message: `requirement failed: connection.failed.authentication.delay.ms=${delay} should always be less than connections.max.idle.ms=${idle} to prevent failed authentication responses from timing out`,
    };
  },
];

/** In the order in which Kafka checks them. */
const rules: readonly Rule[] = [
  ...groupRules,
  ...nodeRules,
  ...logRules,
  ...replicationRules,
  ...listenerRules,
  ...networkRules,
];

/**
 * The rules that don't hold for values that are each in order by itself. A rule whose values can't be read counts as
 * broken, by what could not be read; each message comes once.
 */
export function brokenRules(layers: ConfigLayers): BrokenRule[] {
  const broken = new Map<string, BrokenRule>();
  for (const rule of rules) {
    const found = check(rule, layers);
    if (found !== null && !broken.has(found.message)) broken.set(found.message, found);
  }
  return [...broken.values()];
}

function check(rule: Rule, layers: ConfigLayers): BrokenRule | null {
  try {
    return rule(layers);
  } catch (error) {
    if (error instanceof InvalidConfigError) return { keys: [error.key], message: error.message };
    throw error;
  }
}
