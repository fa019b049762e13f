import { describe, expect, test } from "bun:test";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import {
  compressSnappy,
  decompressSnappy,
  nativeSnappy,
  portableSnappy,
  type SnappyBlocks,
} from "../../../../src/records/compression/snappy.ts";
import { declaredSize } from "../../../../src/records/compression/snappy-block.ts";
import { randomIntegers, repetitiveText, sampleInputs } from "../fixtures.ts";

const LIMIT = 1 << 20;

function native(): SnappyBlocks {
  const blocks = nativeSnappy();
  if (!blocks) throw new Error("The snappy addon is not installed");
  return blocks;
}

const ways = [
  ["the addon", native()],
  ["TypeScript", portableSnappy],
] as const;

describe.each(ways)("snappy written by %s", (_, writer) => {
  test.each(ways)("is read by %s", (_, reader) => {
    for (const { bytes } of sampleInputs()) {
      expect(decompressSnappy(compressSnappy(bytes, writer), LIMIT, reader).equals(bytes)).toBe(true);
    }
  });

  test("has the container that snappy-java writes: blocks of 32 KiB behind their lengths", () => {
    const packed = compressSnappy(Buffer.alloc(70_000, "ab"), writer);
    expect(packed.toString("hex", 0, 16)).toBe("82534e41505059000000000100000001");
    const sizes: number[] = [];
    for (let at = 16; at < packed.length; at += 4 + packed.readInt32BE(at)) {
      sizes.push(declaredSize(packed.subarray(at + 4, at + 4 + packed.readInt32BE(at))));
    }
    expect(sizes).toEqual([32_768, 32_768, 4_464]);
  });
});

describe.each(ways)("snappy read by %s", (_, reader) => {
  test("may be a raw block without a container", () => {
    const text = repetitiveText();
    expect(decompressSnappy(Buffer.from(native().compress(text)), LIMIT, reader).equals(text)).toBe(true);
  });

  test("may be several containers", () => {
    const packed = Buffer.concat([compressSnappy(Buffer.from("one ")), compressSnappy(Buffer.from("two"))]);
    expect(decompressSnappy(packed, LIMIT, reader).toString()).toBe("one two");
  });

  // Elements by hand: length 9, literal "abc", then a copy of 6 bytes from 3 back, in its three forms.
  test.each([
    ["a 1-byte offset", "0908616263" + "0903"],
    ["a 2-byte offset", "0908616263" + "160300"],
    ["a 4-byte offset", "0908616263" + "1703000000"],
  ])("may have copies with %s", (_, hex) => {
    expect(decompressSnappy(Buffer.from(hex, "hex"), LIMIT, reader).toString()).toBe("abcabcabc");
  });

  test.each([
    ["a copy from before the beginning", "09086162630904"],
    ["a copy from 0 back", "09086162630900"],
    ["more bytes than it says", "08086162630903"],
    ["fewer bytes than it says", "0a086162630903"],
    ["a literal beyond the end", "09ff616263"],
    ["an element that is cut short", "09086162631603"],
    ["a length without an end", "8080808080"],
    ["a length that so few bytes can't have", "ffffffff0f00"],
    ["a length beyond 32 bits", "ffffffff7f00"],
    ["a negative block length", "82534e41505059000000000100000001ffffffff00"],
    ["a block beyond the end", "82534e415050590000000001000000010000000500"],
    ["half a block length", "82534e415050590000000001000000010000"],
    ["an empty block", "82534e4150505900000000010000000100000000"],
  ])("may not have %s", (_, hex) => {
    expect(() => decompressSnappy(Buffer.from(hex, "hex"), LIMIT, reader)).toThrow(KafkaError);
  });

  test("is read or refused when damaged, and nothing else", () => {
    const random = randomIntegers(5);
    const packed = compressSnappy(repetitiveText().subarray(0, 2000));
    const raw = packed.subarray(20);
    for (let round = 0; round < 3000; round++) {
      const damaged = Buffer.from(round % 2 === 0 ? packed : raw);
      for (let changes = 1 + random(3); changes > 0; changes--) damaged[random(damaged.length)] = random(256);
      try {
        expect(decompressSnappy(damaged, LIMIT, reader).length).toBeLessThanOrEqual(LIMIT);
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError);
      }
    }
  });
});
