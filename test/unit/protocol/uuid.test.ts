import { describe, expect, test } from "bun:test";
import { parseUuid, randomUuid, uuidFromBytes, uuidToBytes, ZERO_UUID } from "../../../src/protocol/uuid.ts";

describe("a uuid", () => {
  test("is the unpadded base64url of its bytes", () => {
    for (let seed = 0; seed < 200; seed++) {
      const bytes = Uint8Array.from({ length: 16 }, (_, index) => (seed * 31 + index * 57) & 0xff);
      const text = uuidFromBytes(bytes);
      expect(text as string).toBe(Buffer.from(bytes).toString("base64url"));
      expect(uuidToBytes(text)).toEqual(bytes);
    }
  });

  test("is read from padded and from standard base64 as well", () => {
    const bytes = Uint8Array.from({ length: 16 }, () => 0xfb);
    const padded = Buffer.from(bytes).toString("base64");
    expect(padded).toContain("+");
    expect(parseUuid(padded)).toBe(uuidFromBytes(bytes));
    expect(parseUuid(`${uuidFromBytes(bytes)}==`)).toBe(uuidFromBytes(bytes));
  });

  test("is not read from anything else", () => {
    for (const text of ["", "abc", "!".repeat(22), "A".repeat(23)]) expect(parseUuid(text)).toBeUndefined();
  });

  test("of no bytes is all A", () => {
    expect(uuidFromBytes(new Uint8Array(16))).toBe(ZERO_UUID);
  });

  test("made at random is never one that a command line takes for an option", () => {
    let calls = 0;
    const uuid = randomUuid((target) => target.fill(calls++ === 0 ? 0xf8 : 7));
    expect(calls).toBe(2);
    expect(uuid.startsWith("-")).toBe(false);
  });
});
