/**
 * A log directory that Apache Kafka 4.3.1 wrote and closed, opened: everything Kafka says is in it must be found.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { realDisk } from "../../../src/disk/real-disk.ts";
import { LogManager } from "../../../src/log/log-manager.ts";
import { readPartitionMetadata } from "../../../src/log/partition-metadata.ts";
import type { ReadIsolation } from "../../../src/log/read.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { crc32c } from "../../../src/records/crc32c.ts";
import type { Record as LogRecord } from "../../../src/records/record.ts";
import {
  consume,
  defaultConfig,
  maintenance,
  removeDirectory,
  TestLogger,
  temporaryDirectory,
  unpack,
} from "./support.ts";

const fixtures = join(import.meta.dir, "../../fixtures/logdirs");

interface ExpectedPartition {
  beginning: number;
  end: number;
  count: number;
  first: number;
  last: number;
  crc32c: string;
}
interface ExpectedTopic {
  id: Uuid;
  read_uncommitted: ExpectedPartition[];
  read_committed: ExpectedPartition[];
}
const expected: {
  topics: Record<string, ExpectedTopic>;
  offsetsForTime1700000100000: Record<string, number>;
} = JSON.parse(readFileSync(join(fixtures, "kafka-4.3.1.expected.json"), "utf8"));
const files = unpack(join(fixtures, "kafka-4.3.1.tar.gz"));

let root: string;
beforeAll(() => {
  root = temporaryDirectory();
});
afterAll(() => removeDirectory(root));

/** Writes the directory out, or the part of it that `keep` wants. */
function writeOut(name: string, keep: (path: string) => boolean = () => true): string {
  const directory = join(root, name);
  for (const [path, content] of files) {
    if (!keep(path)) continue;
    const target = join(directory, path.slice(path.indexOf("/") + 1));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return directory;
}

function open(directory: string, logger = new TestLogger()): LogManager {
  const manager = new LogManager({
    disk: realDisk,
    clock: systemClock,
    logger,
    directories: [{ path: directory, directoryId: null }],
    configOf: () => defaultConfig,
    topicIdOf: (topic) => expected.topics[topic]?.id,
    settings: maintenance,
  });
  manager.recover();
  return manager;
}

function checksum(records: readonly LogRecord[]): string {
  const hex = (bytes: Uint8Array | null) => (bytes === null ? "null" : Buffer.from(bytes).toString("hex"));
  const lines = records.map(({ offset, timestamp, key, value, headers }) => {
    const pairs = headers.map((header) => `|${header.key}=${hex(header.value)}`).join("");
    return `${offset}|${timestamp}|${hex(key)}|${hex(value)}${pairs}\n`;
  });
  return crc32c(Buffer.from(lines.join(""))).toString(16);
}

function found(manager: LogManager, isolation: ReadIsolation) {
  return Object.fromEntries(
    Object.entries(expected.topics).map(([topic, { id, read_uncommitted }]) => {
      const partitions = read_uncommitted.map((_, partition) => {
        const log = manager.getOrCreate(topic, partition, id);
        const records = consume(log, isolation);
        return {
          beginning: log.logStartOffset,
          end: isolation === "last_stable" ? log.lastStableOffset : log.highWatermark,
          count: records.length,
          first: records[0]?.offset ?? -1,
          last: records.at(-1)?.offset ?? -1,
          crc32c: checksum(records),
        };
      });
      return [topic, partitions];
    }),
  );
}

function expectedBy(isolation: "read_uncommitted" | "read_committed") {
  return Object.fromEntries(
    Object.entries(expected.topics).map(([topic, value]) => [topic, value[isolation]]),
  );
}

const kinds = {
  "as Kafka left it": () => true,
  "without the sign of a clean shutdown": (path: string) => !path.endsWith(".kafka_cleanshutdown"),
  "without indexes, after a clean shutdown": (path: string) => !/\.(index|timeindex)$/.test(path),
  "without anything that can be rebuilt": (path: string) =>
    !/(\.(index|timeindex|txnindex|snapshot)|leader-epoch-checkpoint|recovery-point-offset-checkpoint|replication-offset-checkpoint|\.kafka_cleanshutdown)$/.test(
      path,
    ),
};

for (const [kind, keep] of Object.entries(kinds)) {
  describe(`a directory of Kafka 4.3.1's, ${kind}`, () => {
    let manager: LogManager;
    beforeAll(() => {
      manager = open(writeOut(kind.replaceAll(" ", "-"), keep));
    });
    afterAll(() => manager.shutdown());

    test("has the offsets, counts and records that Kafka says are in it", () => {
      expect(found(manager, "high_watermark")).toEqual(expectedBy("read_uncommitted"));
    });

    test("shows readers of committed records what was committed", () => {
      expect(found(manager, "last_stable")).toEqual(expectedBy("read_committed"));
    });

    test("has the offsets Kafka finds for a timestamp", () => {
      for (const [topic, offset] of Object.entries(expected.offsetsForTime1700000100000)) {
        const log = manager.get(topic, 0);
        expect([topic, log?.offsetForTimestamp(1_700_000_100_000)?.offset ?? -1]).toEqual([topic, offset]);
      }
    });
  });
}

test("indexes and snapshots rebuilt from Kafka's logs are Kafka's, byte for byte", async () => {
  const rebuilt =
    /(\.(index|timeindex|txnindex)|(00005000|0000000072|0000000054|4064|3048|2032)\.snapshot|cleanshutdown)$/;
  const directory = writeOut(
    "rebuilt",
    (path) => !rebuilt.test(path) && !path.endsWith("recovery-point-offset-checkpoint"),
  );
  const manager = open(directory);
  for (const [topic, { read_uncommitted }] of Object.entries(expected.topics)) {
    for (const partition of read_uncommitted.keys()) expect(manager.get(topic, partition)).toBeDefined();
  }
  await manager.shutdown();
  const compared = [...files].filter(([path]) =>
    /\/(plain|segmented|transactional|stamped|empty|compacted)[^/]*\/.*\.(.*index|snapshot)$/.test(path),
  );
  for (const [path, content] of compared) {
    const name = path.slice(path.indexOf("/") + 1);
    expect([name, readFileSync(join(directory, name)).toString("hex")]).toEqual([
      name,
      content.toString("hex"),
    ]);
  }
  expect(compared.length).toBeGreaterThan(40);
});

test("opening and closing a directory of Kafka's changes no byte of it, except checkpoints", async () => {
  const directory = writeOut("untouched");
  const logger = new TestLogger();
  const manager = open(directory, logger);
  found(manager, "high_watermark");
  await manager.shutdown(23);
  rmSync(join(directory, ".lock"));
  const names = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? names(join(path, entry.name))
        : [join(path, entry.name).slice(directory.length + 1)],
    );
  const ours = new Map(
    names(directory).map((name) => [name, readFileSync(join(directory, name)).toString("hex")]),
  );
  const theirs = new Map(
    [...files].map(([path, content]) => [path.slice(path.indexOf("/") + 1), content.toString("hex")]),
  );
  const sorted = (map: Map<string, string>) => [...map.keys()].sort();
  expect(sorted(ours)).toEqual(sorted(theirs));
  for (const [name, content] of theirs) {
    if (!name.endsWith("-offset-checkpoint")) expect([name, ours.get(name)]).toEqual([name, content]);
  }
  expect(logger.warnings).toEqual([]);
});

test("every partition.metadata of the directory names its topic", () => {
  const directory = writeOut("metadata");
  for (const [topic, { id }] of Object.entries(expected.topics)) {
    expect(readPartitionMetadata(realDisk, join(directory, `${topic}-0/partition.metadata`))).toBe(id);
  }
});
