import { describe, expect, test } from "bun:test";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import {
  compressLz4,
  decompressLz4,
  type Lz4Blocks,
  nativeLz4,
  portableLz4,
} from "../../../../src/records/compression/lz4.ts";
import { fixtureFile, randomIntegers, repetitiveText, sampleInputs } from "../fixtures.ts";

const LIMIT = 1 << 20;
const FAST = 9;

function native(): Lz4Blocks {
  const blocks = nativeLz4();
  if (!blocks) throw new Error("The LZ4 addon is not installed");
  return blocks;
}

const ways = [
  ["the addon", native()],
  ["TypeScript", portableLz4],
] as const;

const foreignFrames = [
  "linked-blocks-of-64k.lz4",
  "checksummed-blocks-of-256k.lz4",
  "one-high-compression-block.lz4",
];

describe.each(ways)("LZ4 written by %s", (_, writer) => {
  test.each(ways)("is read by %s", (_, reader) => {
    for (const { bytes } of sampleInputs()) {
      expect(decompressLz4(compressLz4(bytes, FAST, writer), LIMIT, reader).equals(bytes)).toBe(true);
    }
  });

  test("is one frame as Kafka's Java client writes it", () => {
    const packed = compressLz4(Buffer.alloc(100, "ab"), FAST, writer);
    expect(packed.toString("hex", 0, 7)).toBe("04224d18604082");
    expect(packed.readUInt32LE(packed.length - 4)).toBe(0);
    expect(packed.readUInt32LE(7)).toBe(packed.length - 15);
  });
});

describe.each(ways)("LZ4 read by %s", (_, reader) => {
  test.each([1, 2, 3, 8, 10, 17])("may be of level %d", (level) => {
    for (const { bytes } of sampleInputs()) {
      expect(decompressLz4(compressLz4(bytes, level), LIMIT, reader).equals(bytes)).toBe(true);
    }
  });

  test.each(foreignFrames)("may be a frame of the reference implementation: %s", (file) => {
    const text = repetitiveText();
    expect(decompressLz4(fixtureFile(file), LIMIT, reader).equals(text)).toBe(true);
    expect(decompressLz4(fixtureFile(file), text.length, reader).equals(text)).toBe(true);
    expect(() => decompressLz4(fixtureFile(file), text.length - 1, reader)).toThrow("more than");
  });

  test.each(foreignFrames)("is read or refused when damaged, and nothing else: %s", (file) => {
    const random = randomIntegers(6);
    const packed = fixtureFile(file);
    for (let round = 0; round < 300; round++) {
      const damaged = Buffer.from(packed);
      for (let changes = 1 + random(3); changes > 0; changes--) damaged[random(damaged.length)] = random(256);
      try {
        expect(decompressLz4(damaged, LIMIT, reader).length).toBeLessThanOrEqual(LIMIT);
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError);
      }
    }
  });

  test.each([
    ["another magic number", "05224d18604082 00000000"],
    ["a version that isn't 1", "04224d18a04082 00000000"],
    ["a dictionary", "04224d186140 00000000 82 00000000"],
    ["a block size of 3", "04224d18603082 00000000"],
    ["a wrong header checksum", "04224d18604083 00000000"],
    ["no end", "04224d18604082"],
    ["a block beyond the end", "04224d18604082 ff000000 00"],
    ["a block of more than 64 KiB", "04224d18604082 01000180 00"],
    ["a block without a token", "04224d18604082 01000000 10 00000000"],
    ["literals beyond the block", "04224d18604082 02000000 5061 00000000"],
    ["a length without an end", "04224d18604082 03000000 f0ffff 00000000"],
    ["a match from 0 back", "04224d18604082 06000000 10610000 1062 00000000"],
    ["a match from before the block", "04224d18604082 06000000 10610200 1062 00000000"],
    ["no literals at the end", "04224d18604082 04000000 10610100 00000000"],
    ["bytes after the frame", "04224d18604082 00000000 00"],
  ])("may not have %s", (_, hex) => {
    expect(() => decompressLz4(Buffer.from(hex.replaceAll(" ", ""), "hex"), LIMIT, reader)).toThrow(
      KafkaError,
    );
  });

  test("may not have a block that expands beyond the frame's block size", () => {
    const token = Buffer.from([0x1f, 0x61, 0x01, 0x00]);
    const block = Buffer.concat([
      token,
      Buffer.alloc(300, 255),
      Buffer.from([0, 0x50]),
      Buffer.from("aaaaa"),
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    const frame = Buffer.concat([Buffer.from("04224d18604082", "hex"), size, block, Buffer.alloc(4)]);
    expect(() => decompressLz4(frame, LIMIT, reader)).toThrow("larger than its frame allows");
  });
});
