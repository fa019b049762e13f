/**
 * A topic's configuration as its log needs it: the topic's own configs over the broker's.
 */

import { type ConfigValue, InvalidConfigError } from "./config-value.ts";
import type { Definition } from "./definition.ts";
import { topicConfigs, topicDefinitions } from "./definitions/tables.ts";
import type { ConfigLayers, ConfigMap } from "./layers.ts";
import { asField } from "./settings.ts";
import { parseConfig } from "./value.ts";

export type TimestampType = "CreateTime" | "LogAppendTime";
export type BrokerCompressionType = "uncompressed" | "zstd" | "lz4" | "snappy" | "gzip" | "producer";

/** Times in milliseconds, sizes in bytes; "never" and "no limit" are the largest safe integer unless said otherwise. */
export interface LogConfig {
  /** internal.segment.bytes where that is set. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  /** -1 for no limit; any negative number means the same. */
  readonly retentionBytes: number;
  /** -1 for no limit. */
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  /** DEFAULT_DECOMPRESSED_BYTES where the config has Kafka's default. */
  readonly maxDecompressedMessageBytes: number;
  /** Neither is possible as well: then nothing is removed. */
  readonly cleanupPolicy: ReadonlySet<"compact" | "delete">;
  readonly compressionType: BrokerCompressionType;
  /** 1 to 9, or -1 for the codec's default. */
  readonly compressionGzipLevel: number;
  readonly compressionLz4Level: number;
  readonly compressionZstdLevel: number;
  readonly messageTimestampType: TimestampType;
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  readonly minInsyncReplicas: number;
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly preallocate: boolean;
  readonly fileDeleteDelayMs: number;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  /** 0 to 1. */
  readonly minCleanableDirtyRatio: number;
  readonly uncleanLeaderElectionEnable: boolean;
  readonly leaderReplicationThrottledReplicas: readonly string[];
  readonly followerReplicationThrottledReplicas: readonly string[];
  readonly remoteStorageEnable: boolean;
  /** retention.ms where it is -2. */
  readonly localRetentionMs: number;
  /** retention.bytes where it is -2. */
  readonly localRetentionBytes: number;
  readonly remoteLogCopyDisable: boolean;
  readonly remoteCopyLagMs: number;
  readonly remoteCopyLagBytes: number;
  readonly remoteLogDeleteOnDisable: boolean;
  readonly errorsDeadletterqueueGroupEnable: boolean;
}

/**
 * What max.decompressed.message.bytes comes to where nobody set it. Kafka's own default is the longest array of Java,
 * and it opens batches piece by piece; here a batch is opened whole, and 32 kB of zstd may say they are gigabytes.
 */
const DEFAULT_DECOMPRESSED_BYTES = 128 * 1024 * 1024;
const KAFKA_DECOMPRESSED_BYTES = 2_147_483_639;

/** What a topic's configs rest on: a ServerConfig, dynamic changes included. */
export interface BrokerConfig {
  readonly layers: ConfigLayers;
}

/**
 * The configuration of a topic with the given configs of its own. Names nobody knows are passed over and values that
 * are wrong count as not set, since they may stand in a metadata log that somebody else wrote.
 */
export function logConfigFrom(server: BrokerConfig, topicOverrides: ConfigMap): LogConfig {
  const values = new Map(inheritedTopicValues(server.layers));
  for (const [name, text] of topicOverrides) {
    const value = parsedOrNull(topicConfigs.get(name), text);
    if (value !== null) values.set(name, asField(value));
  }
  const number = (name: string) => Number(values.get(name));
  const boolean = (name: string) => values.get(name) === true;
  const list = (name: string) => (values.get(name) ?? []) as readonly string[];
  const internalSegmentBytes = values.get("internal.segment.bytes") ?? null;
  const unlessMinusTwo = (local: number, otherwise: number) => (local === -2 ? otherwise : local);
  return {
    segmentBytes: internalSegmentBytes === null ? number("segment.bytes") : Number(internalSegmentBytes),
    segmentMs: number("segment.ms"),
    segmentJitterMs: number("segment.jitter.ms"),
    segmentIndexBytes: number("segment.index.bytes"),
    indexIntervalBytes: number("index.interval.bytes"),
    retentionBytes: number("retention.bytes"),
    retentionMs: number("retention.ms"),
    maxMessageBytes: number("max.message.bytes"),
    maxDecompressedMessageBytes: decompressedBytes(number("max.decompressed.message.bytes")),
    cleanupPolicy: new Set(list("cleanup.policy")) as ReadonlySet<"compact" | "delete">,
    compressionType: values.get("compression.type") as BrokerCompressionType,
    compressionGzipLevel: number("compression.gzip.level"),
    compressionLz4Level: number("compression.lz4.level"),
    compressionZstdLevel: number("compression.zstd.level"),
    messageTimestampType: values.get("message.timestamp.type") as TimestampType,
    messageTimestampBeforeMaxMs: number("message.timestamp.before.max.ms"),
    messageTimestampAfterMaxMs: number("message.timestamp.after.max.ms"),
    minInsyncReplicas: number("min.insync.replicas"),
    flushMessages: number("flush.messages"),
    flushMs: number("flush.ms"),
    preallocate: boolean("preallocate"),
    fileDeleteDelayMs: number("file.delete.delay.ms"),
    deleteRetentionMs: number("delete.retention.ms"),
    minCompactionLagMs: number("min.compaction.lag.ms"),
    maxCompactionLagMs: number("max.compaction.lag.ms"),
    minCleanableDirtyRatio: number("min.cleanable.dirty.ratio"),
    uncleanLeaderElectionEnable: boolean("unclean.leader.election.enable"),
    leaderReplicationThrottledReplicas: list("leader.replication.throttled.replicas"),
    followerReplicationThrottledReplicas: list("follower.replication.throttled.replicas"),
    remoteStorageEnable: boolean("remote.storage.enable"),
    localRetentionMs: unlessMinusTwo(number("local.retention.ms"), number("retention.ms")),
    localRetentionBytes: unlessMinusTwo(number("local.retention.bytes"), number("retention.bytes")),
    remoteLogCopyDisable: boolean("remote.log.copy.disable"),
    remoteCopyLagMs: number("remote.copy.lag.ms"),
    remoteCopyLagBytes: number("remote.copy.lag.bytes"),
    remoteLogDeleteOnDisable: boolean("remote.log.delete.on.disable"),
    errorsDeadletterqueueGroupEnable: boolean("errors.deadletterqueue.group.enable"),
  };
}

function decompressedBytes(configured: number): number {
  return configured === KAFKA_DECOMPRESSED_BYTES ? DEFAULT_DECOMPRESSED_BYTES : configured;
}

function parsedOrNull(definition: Definition | undefined, text: string): ConfigValue | null {
  try {
    return definition === undefined ? null : parseConfig(definition, text);
  } catch (error) {
    if (error instanceof InvalidConfigError) return null;
    throw error;
  }
}

type Fields = ReadonlyMap<string, ReturnType<typeof asField>>;

/** Worked out once for each state of the broker's configuration: a broker has many topics. */
const inherited = new WeakMap<ConfigLayers, Fields>();

function inheritedTopicValues(layers: ConfigLayers): Fields {
  let values = inherited.get(layers);
  if (values === undefined) {
    values = new Map(topicDefinitions.map((row) => [row.name, asField(inheritedTopicValue(layers, row))]));
    inherited.set(layers, values);
  }
  return values;
}

/** What a topic has without a config of its own: the broker's value in the topic's unit, or the default. */
export function inheritedTopicValue(layers: ConfigLayers, definition: Definition): ConfigValue | null {
  for (const { name, factor } of definition.synonyms) {
    const value = layers.value(name);
    if (value === null) continue;
    if (definition.name === "retention.ms" && Number(value) < 0) return -1n;
    return typeof value === "bigint" || definition.type !== "long" ? value : BigInt(Number(value) * factor);
  }
  return definition.defaultValue;
}
