/**
 * What the tests of the log share: configs, a clock with hands, batches, a log on a disk, a reader.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Timer } from "../../../src/clock.ts";
import type { LogConfig } from "../../../src/config/topic-config.ts";
import { realDisk } from "../../../src/disk/real-disk.ts";
import { DirectoryHealth } from "../../../src/log/directory-health.ts";
import type { MaintenanceSettings } from "../../../src/log/log-maintenance.ts";
import { OpenFiles } from "../../../src/log/open-files.ts";
import { type OpenOptions, PartitionLog } from "../../../src/log/partition-log.ts";
import type { ReadIsolation } from "../../../src/log/read.ts";
import type { Logger } from "../../../src/observe/logger.ts";
import { parseUuid, type Uuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import * as header from "../../../src/records/batch-header.ts";
import { buildBatch, type NewBatch } from "../../../src/records/builder.ts";
import { buildEndTransactionMarker } from "../../../src/records/control.ts";
import { type Record, readRecords } from "../../../src/records/record.ts";

const NEVER = Number.MAX_SAFE_INTEGER;

export const defaultConfig: LogConfig = {
  segmentBytes: 1024 * 1024,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionBytes: -1,
  retentionMs: -1,
  maxMessageBytes: 1_048_588,
  maxDecompressedMessageBytes: 100_000_000,
  cleanupPolicy: new Set(["delete"] as const),
  compressionType: "producer",
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: "CreateTime",
  messageTimestampBeforeMaxMs: NEVER,
  messageTimestampAfterMaxMs: 3_600_000,
  minInsyncReplicas: 1,
  flushMessages: NEVER,
  flushMs: NEVER,
  preallocate: false,
  fileDeleteDelayMs: 60_000,
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: NEVER,
  minCleanableDirtyRatio: 0.5,
  uncleanLeaderElectionEnable: false,
  leaderReplicationThrottledReplicas: [],
  followerReplicationThrottledReplicas: [],
  remoteStorageEnable: false,
  localRetentionMs: -1,
  localRetentionBytes: -1,
  remoteLogCopyDisable: false,
  remoteCopyLagMs: 0,
  remoteCopyLagBytes: -1,
  remoteLogDeleteOnDisable: false,
  errorsDeadletterqueueGroupEnable: false,
};

/** How often the log manager looks after its logs, as Kafka's defaults have it. */
export const maintenance: MaintenanceSettings = {
  retentionCheckIntervalMs: 300_000,
  checkpointIntervalMs: 60_000,
  producerIdExpirationMs: 86_400_000,
  producerIdExpirationCheckIntervalMs: 600_000,
};

/** A clock that stands still until it is told to go on. */
export class TestClock implements Clock {
  #now: number;
  #scheduled: { at: number; run: () => void }[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  get scheduledCount(): number {
    return this.#scheduled.length;
  }

  schedule(delayMs: number, run: () => void): Timer {
    const entry = { at: this.#now + delayMs, run };
    this.#scheduled.push(entry);
    const cancel = () => {
      this.#scheduled = this.#scheduled.filter((other) => other !== entry);
    };
    return { cancel };
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#scheduled.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#scheduled = this.#scheduled.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}

/** Keeps what was logged. */
export class TestLogger implements Logger {
  readonly lines: string[] = [];
  debug = (message: string) => void this.lines.push(`debug ${message}`);
  info = (message: string) => void this.lines.push(`info ${message}`);
  warn = (message: string) => void this.lines.push(`warn ${message}`);
  error = (message: string) => void this.lines.push(`error ${message}`);

  get warnings(): string[] {
    return this.lines.filter((line) => line.startsWith("warn") || line.startsWith("error"));
  }
}

/** A temporary directory; the caller removes it with `removeDirectory`. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "houska-log-"));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export const someTopicId: Uuid = parseUuid("4mxVWLqCQE6u0DOmwz12ow") ?? ZERO_UUID;

export type LogOverrides = Partial<OpenOptions> & { configOverrides?: Partial<LogConfig> };

/** Options to open the log of a-0 in a directory; what is not given is as after a clean shutdown. */
export function logOptions(directory: string, overrides: LogOverrides = {}): OpenOptions {
  const { configOverrides, ...rest } = overrides;
  const config = { ...defaultConfig, ...configOverrides };
  const disk = overrides.disk ?? realDisk;
  return {
    disk,
    files: new OpenFiles(disk, 100),
    clock: new TestClock(),
    logger: new TestLogger(),
    health: new DirectoryHealth(directory, () => undefined),
    random: () => 0,
    topic: "a",
    partition: 0,
    config: () => config,
    producerIdExpirationMs: 86_400_000,
    recoveryPoint: 0,
    logStartOffset: 0,
    cleanShutdown: true,
    directory,
    topicId: someTopicId,
    ...rest,
  };
}

/** A batch as a producer sends it: `count` records of `valueSize` bytes. */
export function batchOf(
  count: number,
  options: Partial<NewBatch> & { timestamp?: number; valueSize?: number } = {},
) {
  const { timestamp = 1_700_000_000_000, valueSize = 10, ...batch } = options;
  return buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    records: Array.from({ length: count }, (_, index) => ({
      timestamp: timestamp + index,
      key: Buffer.from(`key-${index}`),
      value: Buffer.alloc(valueSize, index),
    })),
    ...batch,
  });
}

/** A batch of one record, in a transaction or not, by an idempotent producer. */
export function producedBy(
  producerId: bigint,
  baseSequence: number,
  options: Partial<NewBatch> = {},
): Buffer {
  return batchOf(1, { producerId, producerEpoch: 0, baseSequence, ...options });
}

export function marker(
  producerId: bigint,
  result: "commit" | "abort",
  options: { producerEpoch?: number; coordinatorEpoch?: number } = {},
): Buffer {
  return buildEndTransactionMarker({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    timestamp: 1_700_000_000_000,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    result,
    ...options,
  });
}

export const client = { leaderEpoch: 0, origin: "client" } as const;
export const coordinator = { leaderEpoch: 0, origin: "coordinator" } as const;

/** Fetches from `offset` on, again and again, as a consumer does, and returns the records it would hand out. */
export function consume(
  log: PartitionLog,
  isolation: ReadIsolation = "high_watermark",
  from = log.logStartOffset,
  maxBytes = 50_000,
): Record[] {
  const records: Record[] = [];
  for (let offset = from; ; ) {
    const slice = log.read(offset, maxBytes, { isolation, minOneMessage: true });
    if (!slice.records) return records;
    const bytes = Buffer.alloc(slice.records.sizeInBytes);
    slice.records.copyInto(bytes, 0);
    const aborted = [...(slice.abortedTransactions ?? [])].sort((a, b) => a.firstOffset - b.firstOffset);
    const inAborted = new Set<bigint>();
    let at = 0;
    for (
      ;
      at + 61 <= bytes.length && at + header.sizeInBytes(bytes, at) <= bytes.length;
      at += header.sizeInBytes(bytes, at)
    ) {
      const producerId = header.producerId(bytes, at);
      const attributes = header.attributes(bytes, at);
      while (aborted[0] && aborted[0].firstOffset <= header.lastOffset(bytes, at)) {
        inAborted.add(aborted.shift()?.producerId ?? -1n);
      }
      const next = header.nextOffset(bytes, at);
      if (header.isControl(attributes)) inAborted.delete(producerId);
      else if (!inAborted.has(producerId) || !header.isTransactional(attributes)) {
        for (const record of readRecords(bytes, at)) {
          if (record.offset < offset) continue;
          records.push({
            ...record,
            key: record.key && Buffer.from(record.key),
            value: record.value && Buffer.from(record.value),
          });
        }
      }
      offset = next;
    }
    if (at === 0) throw new Error("A fetch gave less than one batch");
  }
}

/** Logs on the machine's disk: `openLog` opens one in a directory of its own, `removeLogs` undoes it all. */
export function temporaryLogs() {
  const undo: (() => void)[] = [];
  const openIn = (options: OpenOptions) => {
    const log = PartitionLog.open(options);
    undo.push(() => log.abandon());
    return { log, options, directory: options.directory };
  };
  const openLog = (overrides: LogOverrides = {}) => {
    const root = temporaryDirectory();
    undo.push(() => removeDirectory(root));
    return openIn(logOptions(`${root}/a-0`, overrides));
  };
  const removeLogs = () => {
    for (const run of undo.splice(0).reverse()) run();
  };
  return { openIn, openLog, removeLogs };
}

/** Lets what is under way without a timer come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Unpacks a `.tar.gz` of plain files and directories into memory, by path. */
export function unpack(path: string): Map<string, Buffer> {
  const tar = Buffer.from(Bun.gunzipSync(readFileSync(path)));
  const files = new Map<string, Buffer>();
  const text = (at: number, length: number) => tar.toString("latin1", at, at + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = [text(at + 345, 155), text(at, 100)].filter((part) => part.length > 0).join("/");
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (text(at + 156, 1) === "0" || text(at + 156, 1) === "")
      files.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
