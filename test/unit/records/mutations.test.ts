import { describe, expect, test } from "bun:test";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { HEADER_SIZE, headerIsReadable, lastSequence } from "../../../src/records/batch-header.ts";
import { readRecords } from "../../../src/records/record.ts";
import { firstRecordSince, recordWithMaxTimestamp } from "../../../src/records/timestamps.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { batchFixtures, randomIntegers } from "./fixtures.ts";

const LIMIT = 1 << 20;
const ROUNDS_PER_FIXTURE = 1500;

/** Changes up to four bytes, sometimes cuts the end off. */
function mutate(bytes: Buffer, random: (limit: number) => number): Buffer {
  const mutated = Buffer.from(bytes);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    // Half of the changes go into the header and the first record.
    const position =
      random(2) === 0 ? random(Math.min(HEADER_SIZE + 12, mutated.length)) : random(mutated.length);
    mutated[position] = random(3) === 0 ? 0xff : random(256);
  }
  return random(8) === 0 ? mutated.subarray(0, random(mutated.length)) : mutated;
}

/** Does all that is done to a batch whose CRC nobody has looked at; only errors for clients may come out. */
function handle(batch: Buffer): "read" | "refused" {
  batchCrcIsValid(batch, 0);
  if (batch.length >= HEADER_SIZE) {
    headerIsReadable(batch, 0);
    lastSequence(batch, 0);
  }
  try {
    for (const record of readRecords(batch, 0, LIMIT)) {
      expect(Number.isSafeInteger(record.offset)).toBe(true);
      expect(BigInt.asIntN(64, BigInt(record.timestamp))).toBe(BigInt(record.timestamp));
    }
    firstRecordSince(batch, 0, 1_700_000_000_500, 0, LIMIT);
    recordWithMaxTimestamp(batch, 0, LIMIT);
    return "read";
  } catch (error) {
    if (error instanceof KafkaError) return "refused";
    throw error;
  }
}

describe("a damaged batch", () => {
  // The 200-record batches repeat what the small ones have.
  const fixtures = batchFixtures().filter(({ name }) => !name.includes("200"));

  test.each(fixtures)("is read or refused, and nothing else: $name", ({ name, bytes }) => {
    const random = randomIntegers(name.length * 31 + bytes.length);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < ROUNDS_PER_FIXTURE; round++) outcomes[handle(mutate(bytes, random))]++;
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});
