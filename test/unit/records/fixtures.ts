/** What the tests of `records` share: Kafka's own batches, and a seeded source of randomness. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const FOLDER = join(import.meta.dir, "../../fixtures/records");

export interface BatchFixture {
  name: string;
  bytes: Buffer;
  baseOffset: number;
  lastOffset: number;
  sizeInBytes: number;
  magic: number;
  crc: number;
  compression: "none" | "gzip" | "snappy" | "lz4" | "zstd";
  transactional: boolean;
  control: boolean;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  maxTimestamp: number;
  partitionLeaderEpoch: number;
  /** The first records, five at most: see `recordCount`. */
  records: RecordFixture[];
  recordCount: number;
}

/** Bytes are hex. */
export interface RecordFixture {
  offset: number;
  timestamp: number;
  key: string | null;
  value: string | null;
  headers: { key: string; value: string | null }[];
}

interface StoredFixture {
  name: string;
  hex: string;
  batches: Omit<BatchFixture, "name" | "bytes" | "recordCount">[];
}

/** The batches that Apache Kafka wrote. */
export function batchFixtures(): BatchFixture[] {
  const json = gunzipSync(readFileSync(join(FOLDER, "record-batches.json.gz"))).toString();
  return (JSON.parse(json) as StoredFixture[]).flatMap(({ name, hex, batches }) =>
    batches.map((batch) => ({
      ...batch,
      name,
      bytes: Buffer.from(hex, "hex"),
      recordCount: batch.lastOffset - batch.baseOffset + 1,
    })),
  );
}

/** One of them by name. */
export function batchFixture(name: string): BatchFixture {
  const fixture = batchFixtures().find((candidate) => candidate.name === name);
  if (!fixture) throw new Error(`No fixture ${name}`);
  return fixture;
}

/** A file of the fixtures' folder. */
export function fixtureFile(name: string): Buffer {
  return readFileSync(join(FOLDER, name));
}

/** 190 KiB that compress well, and that the .lz4 fixtures hold. */
export function repetitiveText(): Buffer {
  const lines = Array.from(
    { length: 5000 },
    (_, line) => `line ${(line * 7919) % 1000} of a text that repeats itself\n`,
  );
  return Buffer.from(lines.join(""));
}

/** Integers from 0 below `limit`, the same for the same seed (mulberry32). */
export function randomIntegers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Bytes that don't compress. */
export function randomBytes(size: number, random: (limit: number) => number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random(256)));
}

/** Inputs of all the kinds that a compressor meets. */
export function sampleInputs(): { name: string; bytes: Buffer }[] {
  const random = randomIntegers(42);
  const mixed = Buffer.concat([
    repetitiveText().subarray(0, 70_000),
    randomBytes(70_000, random),
    Buffer.alloc(70_000),
  ]);
  return [
    { name: "nothing", bytes: Buffer.alloc(0) },
    { name: "one byte", bytes: Buffer.from("a") },
    { name: "four equal bytes", bytes: Buffer.from("aaaa") },
    { name: "13 equal bytes", bytes: Buffer.alloc(13, "a") },
    { name: "65536 zeros", bytes: Buffer.alloc(65_536) },
    { name: "65537 zeros", bytes: Buffer.alloc(65_537) },
    { name: "repetitive text", bytes: repetitiveText() },
    { name: "random bytes", bytes: randomBytes(100_000, random) },
    { name: "text, noise and zeros", bytes: mixed },
    { name: "few different bytes", bytes: Buffer.from(Array.from({ length: 40_000 }, () => random(3))) },
  ];
}
