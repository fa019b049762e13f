/**
 * The same logs compacted by Apache Kafka and by Houska: values, tombstones, transactions of both ends, idempotent
 * producers, in every compression. Batch for batch the same must be left, again and again as the logs grow.
 */
import { afterAll, expect } from "bun:test";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { realDisk } from "../../src/disk/real-disk.ts";
import { DirectoryHealth } from "../../src/log/directory-health.ts";
import {
  type CheckpointedOffset,
  OffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
} from "../../src/log/offset-checkpoint.ts";
import { OpenFiles } from "../../src/log/open-files.ts";
import { PartitionLog } from "../../src/log/partition-log.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ZERO_UUID } from "../../src/protocol/uuid.ts";
import * as header from "../../src/records/batch-header.ts";
import { buildBatch, type NewRecord } from "../../src/records/builder.ts";
import { CompressionType } from "../../src/records/compression/codec.ts";
import { buildEndTransactionMarker } from "../../src/records/control.ts";
import { readRecords } from "../../src/records/record.ts";
import { batchCrcIsValid } from "../../src/records/validate.ts";
import { type KafkaProcess, startKafka } from "../support/apache-kafka.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { SeededRandom } from "../support/random.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";
import { defaultConfig } from "../unit/log/support.ts";

const { test } = requires("java", "kafka");

const SEGMENT_BYTES = 6000;
const KEYS = 12;
const MINUTE_MS = 60_000;
const topics = Object.keys(CompressionType).map((name) => `compacted-${name}`);
const cleaner = { "log.cleaner.backoff.ms": 50, "log.cleaner.min.cleanable.ratio": 0.01 };

const brokers: (BrokerProcess | KafkaProcess)[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

/** A log directory with the topics, nothing in them yet. */
async function makeDirectory(): Promise<string> {
  const broker = await startBroker();
  brokers.push(broker);
  const client = await RawClient.connect(broker.port);
  const answer = await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: topics.map((name) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [
        { name: "cleanup.policy", value: "compact" },
        { name: "internal.segment.bytes", value: String(SEGMENT_BYTES) },
        { name: "delete.retention.ms", value: "0" },
      ],
    })),
    timeoutMs: 5000,
    validateOnly: false,
  });
  expect(answer.topics.map(({ errorCode }) => errorCode)).toEqual(topics.map(() => 0));
  await broker.stop();
  return broker.logDirectory;
}

function openLog(logDirectory: string, topic: string): PartitionLog {
  const directory = join(logDirectory, `${topic}-0`);
  const quiet = () => undefined;
  return PartitionLog.open({
    disk: realDisk,
    files: new OpenFiles(realDisk, 100),
    clock: systemClock,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    health: new DirectoryHealth(directory, quiet),
    random: () => 0,
    topic,
    partition: 0,
    config: () => ({ ...defaultConfig, segmentBytes: SEGMENT_BYTES, indexIntervalBytes: 500 }),
    producerIdExpirationMs: 86_400_000,
    recoveryPoint: 0,
    logStartOffset: 0,
    cleanShutdown: true,
    directory,
    topicId: ZERO_UUID,
  });
}

/** Writes on in every topic, the same each time it is called with the same arguments, and closes the directory cleanly. */
async function grow(logDirectory: string, round: number, startMs: number): Promise<void> {
  const ends: CheckpointedOffset[] = [];
  for (const [index, topic] of topics.entries()) {
    const log = openLog(logDirectory, topic);
    const writer = new Writer(
      log,
      index as CompressionType,
      new SeededRandom(100 * round + index + 1),
      startMs,
    );
    for (let step = 0; step < 120; step++) writer.write();
    writer.endTransactions();
    ends.push({ topic, partition: 0, offset: log.logEndOffset });
    await log.close();
  }
  await new OffsetCheckpoint(realDisk, join(logDirectory, RECOVERY_POINT_CHECKPOINT)).write(ends);
}

class Writer {
  readonly #transactions = new Map<bigint, "commit" | "abort">();

  constructor(
    private readonly log: PartitionLog,
    private readonly compression: CompressionType,
    private readonly random: SeededRandom,
    private now: number,
  ) {}

  /** A batch of a plain, an idempotent or a transactional producer, now and then after the end of a transaction. */
  write(): void {
    this.now += 1000;
    const kind = this.random.below(4);
    const producerId =
      kind === 0 ? null : BigInt(kind === 1 ? 50 + this.random.below(6) : 80 + this.random.below(4));
    const transactional = kind >= 2;
    if (producerId !== null && transactional && !this.#transactions.has(producerId)) {
      this.#transactions.set(producerId, this.random.below(3) === 0 ? "abort" : "commit");
    }
    const entry = [...this.log.producers].find((known) => known.producerId === producerId);
    this.log.append(
      buildBatch({
        baseOffset: 0,
        partitionLeaderEpoch: -1,
        compression: this.compression,
        ...(producerId !== null && {
          producerId,
          producerEpoch: 0,
          transactional,
          baseSequence: (entry?.lastSequence ?? -1) + 1,
        }),
        records: Array.from({ length: 1 + this.random.below(6) }, () => this.#record()),
      }),
      { leaderEpoch: 0, origin: "client" },
    );
    if (producerId !== null && transactional && this.random.below(3) === 0) this.#end(producerId);
  }

  endTransactions(): void {
    for (const producerId of [...this.#transactions.keys()]) this.#end(producerId);
  }

  #record(): NewRecord {
    const key = `key ${this.random.below(KEYS)}${this.random.below(10) === 0 ? ` of ${this.now}` : ""}`;
    const isTombstone = this.random.below(5) === 0;
    return {
      timestamp: this.now + this.random.below(500),
      key: Buffer.from(key),
      value: isTombstone
        ? null
        : Buffer.from(`value ${this.random.below(1e6)} `.repeat(1 + this.random.below(8))),
      headers: this.random.below(3) === 0 ? [{ key: "at", value: Buffer.from(String(this.now)) }] : [],
    };
  }

  #end(producerId: bigint): void {
    const result = this.#transactions.get(producerId) ?? "commit";
    this.#transactions.delete(producerId);
    this.log.append(
      buildEndTransactionMarker({
        baseOffset: 0,
        partitionLeaderEpoch: -1,
        timestamp: this.now,
        producerId,
        producerEpoch: 0,
        coordinatorEpoch: 0,
        result,
      }),
      { leaderEpoch: 0, origin: "coordinator" },
    );
  }
}

const logsOf = (logDirectory: string, topic: string) =>
  readdirSync(join(logDirectory, `${topic}-0`))
    .filter((name) => name.endsWith(".log"))
    .sort();

/** Waits until the checkpoint says of every topic that all but its active segment is clean. */
async function cleaned(logDirectory: string, broker: BrokerProcess | KafkaProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  const wanted = topics.map(
    (topic) => `${topic} 0 ${Number.parseInt(logsOf(logDirectory, topic).at(-1) ?? "", 10)}`,
  );
  for (;;) {
    const lines = readCheckpoint(logDirectory).split("\n");
    if (wanted.every((line) => lines.includes(line))) return;
    if (Date.now() > deadline)
      throw new Error(`Not compacted:\n${lines.join("\n")}\n${broker.output().slice(-4000)}`);
    await Bun.sleep(20);
  }
}

function readCheckpoint(logDirectory: string): string {
  try {
    return readFileSync(join(logDirectory, "cleaner-offset-checkpoint"), "utf8");
  } catch {
    return "";
  }
}

/** Every batch of a topic's logs, by segment, with all that doesn't depend on when it was compacted. */
function contents(logDirectory: string, topic: string): Record<string, unknown[]> {
  const segments: Record<string, unknown[]> = {};
  for (const name of logsOf(logDirectory, topic)) {
    const bytes = readFileSync(join(logDirectory, `${topic}-0`, name));
    const batches: unknown[] = [];
    for (let at = 0; at < bytes.length; at += header.sizeInBytes(bytes, at)) {
      expect(batchCrcIsValid(bytes, at)).toBe(true);
      batches.push({
        baseOffset: header.baseOffset(bytes, at),
        lastOffset: header.lastOffset(bytes, at),
        attributes: header.attributes(bytes, at),
        producer: `${header.producerId(bytes, at)} ${header.producerEpoch(bytes, at)} ${header.baseSequence(bytes, at)}`,
        maxTimestamp: header.maxTimestamp(bytes, at),
        records: [...readRecords(bytes, at)].map(({ offset, timestamp, key, value, headers }) => ({
          offset,
          timestamp,
          key: key?.toString("latin1"),
          value: value?.toString(),
          headers: headers.map((one) => `${one.key}=${one.value}`),
        })),
      });
    }
    segments[name] = batches;
  }
  return segments;
}

/** What Apache Kafka may say of the directory of a broker that it finds in another's place. */
const complaints =
  /^.* (WARN|ERROR) .*(UnifiedLog|LogLoader|LogManager|LogCleaner|OffsetIndex|TimeIndex|stray).*$/gim;

test("Apache Kafka and Houska leave the same of the same logs, batch for batch, and go on with what the other has compacted", async () => {
  const startMs = Date.now() - 60 * MINUTE_MS;
  let houskas = await makeDirectory();
  let kafkas = temporaryFolder();
  cpSync(houskas, kafkas, { recursive: true });
  for (let round = 0; round < 3; round++) {
    await grow(houskas, round, startMs + round * 10 * MINUTE_MS);
    await grow(kafkas, round, startMs + round * 10 * MINUTE_MS);
    for (const topic of topics) expect(contents(houskas, topic)).toEqual(contents(kafkas, topic));
    const before = sizeOf(houskas);

    const properties = Object.entries(cleaner).map(([key, value]) => `${key}=${value}`);
    const kafka = await startKafka(kafkas, properties);
    brokers.push(kafka);
    const houska = await startBroker({ logDirectory: houskas, properties: cleaner });
    brokers.push(houska);
    await Promise.all([cleaned(kafkas, kafka), cleaned(houskas, houska)]);
    await Promise.all([kafka.stop(), houska.stop()]);
    for (const topic of topics) expect(contents(houskas, topic)).toEqual(contents(kafkas, topic));
    expect(sizeOf(houskas)).toBeLessThan(before * 0.8);
    expect(kafka.output().match(complaints) ?? []).toEqual([]);
    expect(houska.output()).not.toMatch(/^.* (WARN|ERROR) (?!.*has no effect in Houska).*$/m);
    [houskas, kafkas] = [kafkas, houskas];
  }
}, 180_000);

function sizeOf(logDirectory: string): number {
  let size = 0;
  for (const topic of topics) {
    for (const name of logsOf(logDirectory, topic))
      size += Bun.file(join(logDirectory, `${topic}-0`, name)).size;
  }
  return size;
}
