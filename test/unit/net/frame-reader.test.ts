/**
 * Frames found in bytes however they are cut.
 */
import { describe, expect, test } from "bun:test";
import { ProtocolViolation } from "../../../src/net/errors.ts";
import { FrameReader } from "../../../src/net/frame-reader.ts";
import { frame, lengthPrefix } from "./support/raw-client.ts";

const limit = 1_000_000;
const newReader = () => new FrameReader(() => limit);

/** All frames that the reader has ready. */
function drain(reader: FrameReader): Buffer[] {
  const frames: Buffer[] = [];
  for (let next = reader.next(); next !== null; next = reader.next()) frames.push(next);
  return frames;
}

function texts(frames: Buffer[]): string[] {
  return frames.map((bytes) => bytes.toString("latin1"));
}

describe("FrameReader", () => {
  test("finds the same frames wherever the bytes are cut in two", () => {
    const bytes = Buffer.concat([frame("first"), frame(""), frame("the third"), frame("4")]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = newReader();
      reader.push(bytes.subarray(0, cut));
      const frames = texts(drain(reader));
      reader.push(bytes.subarray(cut));
      expect([...frames, ...texts(drain(reader))]).toEqual(["first", "", "the third", "4"]);
      expect(reader.hasUnfinished).toBe(false);
      expect(reader.heldBytes).toBe(0);
    }
  });

  test("finds frames in bytes that come one at a time", () => {
    const reader = newReader();
    const found: string[] = [];
    for (const byte of Buffer.concat([frame("one"), frame(""), frame("two")])) {
      reader.push(Buffer.from([byte]));
      found.push(...texts(drain(reader)));
    }
    expect(found).toEqual(["one", "", "two"]);
  });

  test("gives an empty frame at once when the last byte of its length is the last that came", () => {
    const reader = newReader();
    reader.push(Buffer.from([0, 0]));
    expect(reader.next()).toBeNull();
    reader.push(Buffer.from([0, 0]));
    expect(reader.next()?.length).toBe(0);
  });

  test("finds frames in pieces that were all pushed before any was asked for", () => {
    const bytes = Buffer.concat([frame("one"), frame("two"), frame("three")]);
    const reader = newReader();
    for (let at = 0; at < bytes.length; at += 2) reader.push(bytes.subarray(at, at + 2));
    expect(reader.heldBytes).toBe(bytes.length);
    expect(texts(drain(reader))).toEqual(["one", "two", "three"]);
  });

  test("gives a frame that lies whole in a piece as a view of it", () => {
    const piece = frame("whole");
    const reader = newReader();
    reader.push(piece);
    const found = reader.next();
    expect(found?.buffer).toBe(piece.buffer);
    expect(found?.byteOffset).toBe(piece.byteOffset + 4);
  });

  test("collects a large frame from many pieces unchanged", () => {
    const body = Buffer.alloc(900_001);
    for (let index = 0; index < body.length; index++) body[index] = (index * 7 + (index >> 8)) & 0xff;
    const bytes = Buffer.concat([frame(body), frame("next")]);
    const reader = newReader();
    const found: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 10_007) {
      reader.push(bytes.subarray(at, at + 10_007));
      found.push(...drain(reader));
    }
    expect(found.length).toBe(2);
    expect(found[0]?.equals(body)).toBe(true);
    expect(found[1]?.toString()).toBe("next");
  });

  test("takes memory for what arrived of a frame, not for what its length claims", () => {
    const reader = new FrameReader(() => 100_000_000);
    reader.push(Buffer.concat([lengthPrefix(100_000_000), Buffer.from("x")]));
    expect(reader.next()).toBeNull();
    expect(reader.heldBytes).toBeLessThanOrEqual(2048);
    reader.push(Buffer.alloc(50_000));
    expect(reader.next()).toBeNull();
    expect(reader.heldBytes).toBeLessThanOrEqual(8 * 50_001);
  });

  test("copies what was received once when an eighth of the frame came in the first piece", () => {
    const reader = newReader();
    const bytes = frame(Buffer.alloc(800_000, 1));
    reader.push(bytes.subarray(0, 104_004));
    expect(reader.next()).toBeNull();
    expect(reader.heldBytes).toBe(800_000);
    reader.push(bytes.subarray(104_004));
    expect(reader.next()?.length).toBe(800_000);
  });

  test("refuses a length above the limit and takes one that meets it", () => {
    const reader = newReader();
    reader.push(Buffer.concat([lengthPrefix(limit), Buffer.alloc(limit), lengthPrefix(limit + 1)]));
    expect(reader.next()?.length).toBe(limit);
    expect(() => reader.next()).toThrow(
      new ProtocolViolation("request length 1000001 is above socket.request.max.bytes=1000000"),
    );
  });

  test("refuses a negative length, also when it comes in pieces", () => {
    const whole = newReader();
    whole.push(lengthPrefix(-1));
    expect(() => whole.next()).toThrow("request length -1 is negative");
    const cut = newReader();
    cut.push(lengthPrefix(-2147483648).subarray(0, 3));
    expect(cut.next()).toBeNull();
    cut.push(Buffer.from([0]));
    expect(() => cut.next()).toThrow("request length -2147483648 is negative");
  });

  test("says so when the peer speaks TLS or HTTP", () => {
    const tls = newReader();
    tls.push(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    expect(() => tls.next()).toThrow("TLS");
    const http = newReader();
    http.push(Buffer.from("GET / HTTP/1.1\r\n"));
    expect(() => http.next()).toThrow("HTTP");
  });

  test("holds nothing after it was cleared", () => {
    const reader = newReader();
    reader.push(Buffer.concat([frame("unread"), lengthPrefix(100), Buffer.from("part")]));
    expect(reader.hasUnfinished).toBe(true);
    reader.next();
    reader.next();
    reader.clear();
    expect(reader.heldBytes).toBe(0);
    expect(reader.hasUnfinished).toBe(false);
    reader.push(frame("fresh"));
    expect(reader.next()?.toString()).toBe("fresh");
  });
});
