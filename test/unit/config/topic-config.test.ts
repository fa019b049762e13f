import { describe, expect, test } from "bun:test";
import { loadServerConfig } from "../../../src/config/load.ts";
import { logConfigFrom } from "../../../src/config/topic-config.ts";

const server = (...overrides: string[]) => loadServerConfig({ overrides }).config;
const own = (configs: Record<string, string>) => new Map(Object.entries(configs));

describe("a topic's log configuration", () => {
  test("opens batches of 128 MiB by default, and of whatever size somebody has set", () => {
    const limit = (configs: Record<string, string>) =>
      logConfigFrom(server(), own(configs)).maxDecompressedMessageBytes;
    expect(limit({})).toBe(134_217_728);
    expect(limit({ "max.decompressed.message.bytes": "1073741824" })).toBe(1_073_741_824);
  });

  test("has Kafka's defaults where nobody sets anything", () => {
    expect(logConfigFrom(server(), new Map())).toEqual({
      segmentBytes: 1_073_741_824,
      segmentMs: 604_800_000,
      segmentJitterMs: 0,
      segmentIndexBytes: 10_485_760,
      indexIntervalBytes: 4096,
      retentionBytes: -1,
      retentionMs: 604_800_000,
      maxMessageBytes: 1_048_588,
      maxDecompressedMessageBytes: 128 * 1024 * 1024,
      cleanupPolicy: new Set(["delete"] as const),
      compressionType: "producer",
      compressionGzipLevel: -1,
      compressionLz4Level: 9,
      compressionZstdLevel: 3,
      messageTimestampType: "CreateTime",
      messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
      messageTimestampAfterMaxMs: 3_600_000,
      minInsyncReplicas: 1,
      flushMessages: Number.MAX_SAFE_INTEGER,
      flushMs: Number.MAX_SAFE_INTEGER,
      preallocate: false,
      fileDeleteDelayMs: 60_000,
      deleteRetentionMs: 86_400_000,
      minCompactionLagMs: 0,
      maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
      minCleanableDirtyRatio: 0.5,
      uncleanLeaderElectionEnable: false,
      leaderReplicationThrottledReplicas: [],
      followerReplicationThrottledReplicas: [],
      remoteStorageEnable: false,
      localRetentionMs: 604_800_000,
      localRetentionBytes: -1,
      remoteLogCopyDisable: false,
      remoteCopyLagMs: 0,
      remoteCopyLagBytes: -1,
      remoteLogDeleteOnDisable: false,
      errorsDeadletterqueueGroupEnable: false,
    });
  });

  test("takes the broker's configs, in its own units, before the defaults", () => {
    const config = logConfigFrom(
      server(
        "log.retention.minutes=2",
        "log.roll.hours=1",
        "log.roll.jitter.hours=3",
        "log.flush.scheduler.interval.ms=9",
        "message.max.bytes=77",
        "log.cleanup.policy=compact",
        "compression.type=zstd",
      ),
      new Map(),
    );
    expect(config).toMatchObject({
      retentionMs: 120_000,
      localRetentionMs: 120_000,
      segmentMs: 3_600_000,
      segmentJitterMs: 10_800_000,
      flushMs: 9,
      maxMessageBytes: 77,
      cleanupPolicy: new Set(["compact"]),
      compressionType: "zstd",
    });
  });

  test("takes the topic's own before the broker's", () => {
    const configs = own({
      "retention.ms": "-1",
      "cleanup.policy": "compact,delete",
      "segment.bytes": " 2000000 ",
      "message.timestamp.type": "LogAppendTime",
      "local.retention.bytes": "5",
    });
    expect(logConfigFrom(server("log.retention.ms=5", "log.segment.bytes=3000000"), configs)).toMatchObject({
      retentionMs: -1,
      cleanupPolicy: new Set(["compact", "delete"]),
      segmentBytes: 2_000_000,
      messageTimestampType: "LogAppendTime",
      localRetentionBytes: 5,
    });
  });

  test("keeps records for ever when the broker's retention is any negative number", () => {
    expect(logConfigFrom(server("log.retention.hours=-3"), new Map()).retentionMs).toBe(-1);
  });

  test("takes internal.segment.bytes, however small, for the segment size", () => {
    expect(logConfigFrom(server(), own({ "internal.segment.bytes": "100" })).segmentBytes).toBe(100);
  });

  test("passes over what it doesn't know and what is wrong", () => {
    const configs = own({ "message.format.version": "2.8", "retention.ms": "long", "segment.bytes": "1" });
    expect(logConfigFrom(server("log.retention.ms=5"), configs)).toMatchObject({
      retentionMs: 5,
      segmentBytes: 1_073_741_824,
    });
  });

  test("follows the broker's dynamic configs", () => {
    const changed = server("log.retention.hours=1").withDynamic(
      new Map(),
      new Map([["log.retention.ms", "8"]]),
    );
    expect(logConfigFrom(changed, new Map()).retentionMs).toBe(8);
    expect(logConfigFrom(changed.withDynamic(new Map(), new Map()), new Map()).retentionMs).toBe(3_600_000);
  });
});
