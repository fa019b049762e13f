import { describe, expect, test } from "bun:test";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import { decompressGzip, decompressZstd } from "../../../../src/records/compression/zlib.ts";
import { zstdFramesEnd } from "../../../../src/records/compression/zstd-frame.ts";
import { randomBytes, randomIntegers, sampleInputs } from "../fixtures.ts";

const LIMIT = 1 << 20;

describe("gzip", () => {
  test("may have several members", () => {
    const packed = Buffer.concat([gzipSync("one "), gzipSync("two")]);
    expect(decompressGzip(packed, LIMIT).toString()).toBe("one two");
  });

  test("may not have a wrong checksum", () => {
    const packed = gzipSync("some text");
    packed.writeUInt32LE(7, packed.length - 8);
    expect(() => decompressGzip(packed, LIMIT)).toThrow(KafkaError);
  });
});

describe("zstd", () => {
  const skippable = Buffer.from("502a4d1803000000ffffff", "hex");

  test("may have several frames, and frames to be skipped", () => {
    const packed = Buffer.concat([zstdCompressSync("one "), skippable, zstdCompressSync("two")]);
    expect(decompressZstd(packed, LIMIT).toString()).toBe("one two");
  });

  test("may not have a wrong checksum", () => {
    const packed = zstdCompressSync("some text", { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    expect(decompressZstd(packed, LIMIT).toString()).toBe("some text");
    packed.writeUInt8(packed.readUInt8(packed.length - 1) ^ 1, packed.length - 1);
    expect(() => decompressZstd(packed, LIMIT)).toThrow(KafkaError);
  });

  test("frames end where they end, for all sizes and options", () => {
    const inputs = [...sampleInputs().map(({ bytes }) => bytes), randomBytes(300, randomIntegers(7))];
    for (const bytes of inputs) {
      for (const level of [-131072, 1, 19]) {
        for (const checksum of [0, 1]) {
          const params = {
            [constants.ZSTD_c_compressionLevel]: level,
            [constants.ZSTD_c_checksumFlag]: checksum,
            [constants.ZSTD_c_contentSizeFlag]: checksum,
          };
          const packed = zstdCompressSync(bytes, { params, pledgedSrcSize: bytes.length });
          expect(zstdFramesEnd(packed)).toBe(packed.length);
          expect(zstdFramesEnd(Buffer.concat([packed, Buffer.from("more")]))).toBe(packed.length);
          expect(zstdFramesEnd(packed.subarray(0, packed.length - 1))).toBe(0);
        }
      }
    }
  });

  test("does not end where nothing begins", () => {
    expect(zstdFramesEnd(Buffer.alloc(0))).toBe(0);
    expect(zstdFramesEnd(Buffer.alloc(100))).toBe(0);
    expect(zstdFramesEnd(skippable.subarray(0, 10))).toBe(0);
    expect(zstdFramesEnd(skippable)).toBe(11);
  });
});
