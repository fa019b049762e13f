/**
 * What can be set of a consumer, under Kafka's names and with its defaults.
 */
import { invalid, Settings } from "../settings.ts";
import { type Assignor, assignorsOf } from "./assignors.ts";

/** Where to begin in a partition of which nothing is known: at a time so many milliseconds ago, for instance. */
export type OffsetReset = "earliest" | "latest" | "none" | { readonly agoMs: number };

export interface ConsumerConfig {
  readonly groupId: string | null;
  readonly groupInstanceId: string | null;
  readonly groupProtocol: "classic" | "consumer";
  readonly groupRemoteAssignor: string | null;
  /** For the classic protocol, what this consumer likes best first. */
  readonly assignors: readonly Assignor[];
  readonly autoCommit: boolean;
  readonly autoCommitIntervalMs: number;
  readonly offsetReset: OffsetReset;
  readonly readsCommitted: boolean;
  readonly checksCrcs: boolean;
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly fetchMaxBytes: number;
  readonly maxPartitionFetchBytes: number;
  readonly requestTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxPollIntervalMs: number;
  readonly metadataMaxAgeMs: number;
  readonly excludesInternalTopics: boolean;
  readonly createsTopics: boolean;
  readonly rackId: string;
}

/** @throws ClientConfigError */
export function consumerConfig(properties: ReadonlyMap<string, string>): ConsumerConfig {
  const settings = new Settings(properties);
  return {
    ...groupConfig(settings),
    ...fetchConfig(settings),
    offsetReset: offsetResetOf(settings),
    metadataMaxAgeMs: settings.integer("metadata.max.age.ms", 300_000, 1),
    excludesInternalTopics: settings.flag("exclude.internal.topics", true),
    createsTopics: settings.flag("allow.auto.create.topics", true),
    rackId: settings.text("client.rack") ?? "",
  };
}

function groupConfig(settings: Settings) {
  const groupId = settings.text("group.id") || null;
  return {
    groupId,
    groupInstanceId: settings.text("group.instance.id") || null,
    groupProtocol: settings.choice("group.protocol", ["classic", "consumer"], "classic"),
    groupRemoteAssignor: settings.text("group.remote.assignor") || null,
    assignors: assignorsOf(settings.text("partition.assignment.strategy")),
    autoCommit: groupId !== null && settings.flag("enable.auto.commit", true),
    autoCommitIntervalMs: settings.integer("auto.commit.interval.ms", 5000),
    sessionTimeoutMs: settings.integer("session.timeout.ms", 45_000, 1),
    heartbeatIntervalMs: settings.integer("heartbeat.interval.ms", 3000, 1),
    maxPollIntervalMs: settings.integer("max.poll.interval.ms", 300_000, 1),
  };
}

function fetchConfig(settings: Settings) {
  const levels = ["read_uncommitted", "read_committed"] as const;
  return {
    readsCommitted: settings.choice("isolation.level", levels, "read_uncommitted") === "read_committed",
    checksCrcs: settings.flag("check.crcs", true),
    fetchMinBytes: settings.integer("fetch.min.bytes", 1),
    fetchMaxWaitMs: settings.integer("fetch.max.wait.ms", 500),
    fetchMaxBytes: settings.integer("fetch.max.bytes", 52_428_800),
    maxPartitionFetchBytes: settings.integer("max.partition.fetch.bytes", 1_048_576),
    requestTimeoutMs: settings.integer("request.timeout.ms", 30_000),
  };
}

const SECOND_MS = 1000;
/** A duration of ISO 8601 as Java has it, days to seconds. */
const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

function offsetResetOf(settings: Settings): OffsetReset {
  const key = "auto.offset.reset";
  const text = settings.text(key) ?? "latest";
  const word = text.toLowerCase();
  if (word === "earliest" || word === "latest" || word === "none") return word;
  const [, days, hours, minutes, seconds] = duration.exec(text.replace(/^by_duration:/i, "")) ?? [];
  if (!/^by_duration:/i.test(text) || (days ?? hours ?? minutes ?? seconds) === undefined) {
    throw invalid(key, text, "must be earliest, latest, none or by_duration:<ISO-8601 duration>");
  }
  const wholeHours = Number(days ?? 0) * 24 + Number(hours ?? 0);
  const wholeMinutes = wholeHours * 60 + Number(minutes ?? 0);
  return { agoMs: (wholeMinutes * 60 + Number(seconds ?? 0)) * SECOND_MS };
}
