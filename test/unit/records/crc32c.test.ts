import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { crc32c, portableCrc32c } from "../../../src/records/crc32c.ts";
import { crc32Addon } from "../../../src/records/native.ts";
import { nativeCrc32c } from "../../../src/records/native-crc32c.ts";
import { batchFixtures, randomBytes, randomIntegers } from "./fixtures.ts";

describe("CRC32C", () => {
  test("has the check value of its definition and the values of RFC 3720", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  });

  test("is the same in TypeScript and in the addon, at every length and alignment", () => {
    const addon = crc32Addon();
    expect(addon).not.toBeNull();
    const random = randomIntegers(1);
    const bytes = randomBytes(4096, random);
    for (let round = 0; round < 500; round++) {
      const start = random(64);
      const end = start + random(round % 2 === 0 ? 40 : 4000);
      const expected = addon?.crc32c(bytes.subarray(start, end)) ?? -1;
      expect(portableCrc32c(bytes, start, end)).toBe(expected);
      expect(crc32c(bytes, start, end)).toBe(expected);
    }
  });

  test.if(process.arch === "x64")(
    "is the same by the processor's instruction, at every length and alignment",
    () => {
      const native = nativeCrc32c();
      expect(native).not.toBeNull();
      const random = randomIntegers(2);
      const bytes = randomBytes(100_000, random);
      for (let round = 0; round < 500; round++) {
        const start = random(64);
        const end = start + 1 + random(round % 2 === 0 ? 40 : 99_000);
        expect(native?.(bytes, start, end)).toBe(portableCrc32c(bytes, start, end));
      }
    },
  );

  test.if(process.platform === "linux")("does without that where there is no temporary folder", () => {
    const program = `
      import { crc32c, portableCrc32c } from "./src/records/crc32c.ts";
      import { nativeCrc32c } from "./src/records/native-crc32c.ts";
      const bytes = new Uint8Array(100_000).fill(7);
      console.log(crc32c(bytes) === portableCrc32c(bytes, 0, bytes.length), nativeCrc32c());
    `;
    const env = { ...process.env, TMPDIR: "/does/not/exist" };
    const cwd = join(import.meta.dir, "../../..");
    const run = Bun.spawnSync([process.execPath, "-e", program], { env, cwd });
    expect(run.stdout.toString()).toBe("true null\n");
  });

  test("is Kafka's for Kafka's batches, by either way", () => {
    for (const { bytes, crc } of batchFixtures()) {
      expect(crc32c(bytes, 21)).toBe(crc);
      expect(portableCrc32c(bytes, 21, bytes.length)).toBe(crc);
    }
  });

  test("does not read outside of the array", () => {
    const bytes = Buffer.alloc(10);
    for (const [start, end] of [
      [-1, 5],
      [0, 11],
      [6, 5],
    ] as const) {
      expect(() => crc32c(bytes, start, end)).toThrow(RangeError);
    }
  });
});
