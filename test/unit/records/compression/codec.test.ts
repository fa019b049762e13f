import { describe, expect, test } from "bun:test";
import { CompressionType, compress, decompress } from "../../../../src/records/compression/codec.ts";
import { errorOf } from "../../../support/error-of.ts";
import { randomBytes, randomIntegers, sampleInputs } from "../fixtures.ts";

const compressed = Object.entries(CompressionType).filter(([name]) => name !== "none");

describe.each(compressed)("%s", (_, type) => {
  test.each(sampleInputs())("gives back what it was given: $name", ({ bytes }) => {
    const packed = Buffer.from(compress(type, bytes));
    expect(decompress(type, packed, bytes.length).equals(bytes)).toBe(true);
  });

  test("stops at the limit, to the byte", () => {
    const bytes = Buffer.alloc(200_000);
    const packed = Buffer.from(compress(type, bytes));
    expect(decompress(type, packed, bytes.length).length).toBe(bytes.length);
    expect(errorOf(() => decompress(type, packed, bytes.length - 1))).toBe("MESSAGE_TOO_LARGE");
    expect(errorOf(() => decompress(type, packed, 1))).toBe("MESSAGE_TOO_LARGE");
    expect(errorOf(() => decompress(type, packed, 0))).toBe("MESSAGE_TOO_LARGE");
  });

  test("does not hold a bomb in memory before it refuses it", () => {
    const packed = Buffer.from(compress(type, Buffer.alloc(64 << 20)));
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    for (let round = 0; round < 5; round++) {
      expect(errorOf(() => decompress(type, packed, 1 << 20))).toBe("MESSAGE_TOO_LARGE");
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 << 20);
  });

  test("refuses what is cut short", () => {
    const bytes = randomBytes(1000, randomIntegers(3));
    const packed = Buffer.from(compress(type, Buffer.concat([bytes, bytes, bytes])));
    for (let size = 0; size < packed.length; size += 7) {
      // Nothing but the container's header is a whole stream of nothing.
      if (type === CompressionType.snappy && size === 16) continue;
      expect(errorOf(() => decompress(type, packed.subarray(0, size), 10_000))).toBe("INVALID_RECORD");
    }
  });

  test("refuses what goes on after its end", () => {
    const packed = Buffer.concat([compress(type, Buffer.from("some text")), Buffer.from("and more")]);
    expect(errorOf(() => decompress(type, packed, 10_000))).toBe("INVALID_RECORD");
  });

  test("refuses noise", () => {
    const random = randomIntegers(4);
    for (let round = 0; round < 200; round++) {
      // Not a byte that is a whole snappy block of nothing.
      const noise = Buffer.concat([Buffer.from("x"), randomBytes(random(200), random)]);
      expect(errorOf(() => decompress(type, noise, 10_000))).not.toBe("NONE");
    }
  });
});

describe("the other types", () => {
  test("none leaves everything as it is", () => {
    const bytes = Buffer.from("text");
    expect(compress(CompressionType.none, bytes)).toBe(bytes);
    expect(decompress(CompressionType.none, bytes, 0)).toBe(bytes);
  });

  test.each([5, 6, 7])("%d is nobody's", (type) => {
    expect(errorOf(() => decompress(type, Buffer.alloc(10), 100))).toBe("INVALID_RECORD");
  });
});

describe("levels", () => {
  const text = Buffer.from(sampleInputs().find(({ name }) => name === "repetitive text")?.bytes ?? "");

  test.each([
    [CompressionType.gzip, -1],
    [CompressionType.gzip, 1],
    [CompressionType.gzip, 9],
    [CompressionType.lz4, 1],
    [CompressionType.lz4, 17],
    [CompressionType.zstd, -131072],
    [CompressionType.zstd, 22],
  ])("type %d takes level %d", (type, level) => {
    const packed = Buffer.from(compress(type, text, level));
    expect(decompress(type, packed, text.length).equals(text)).toBe(true);
  });
});
