/**
 * Frames of which a part is received directly, beside the pieces that are pushed.
 */
import { describe, expect, test } from "bun:test";
import { ProtocolViolation } from "../../../src/net/errors.ts";
import { FramePool } from "../../../src/net/frame-pool.ts";
import { FrameReader } from "../../../src/net/frame-reader.ts";
import { frame } from "./support/raw-client.ts";

/** A socket that has some bytes ready, and gives no more than `most` of them at a time. */
class ReadySocket {
  taken = 0;
  calls = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  readonly receive = (target: Buffer, offset: number, length: number): number => {
    this.calls++;
    const size = Math.min(length, this.most, this.bytes.length - this.taken);
    // As recv says when it would have to wait.
    if (size === 0) return -1;
    this.bytes.copy(target, offset, this.taken, this.taken + size);
    this.taken += size;
    return size;
  };
}

/** Pushes the first bytes, lets the reader receive the others, and returns the frames. */
function framesOf(bytes: Buffer, pushed: number, socket: ReadySocket, allowed = bytes.length): Buffer[] {
  const reader = new FrameReader(() => 10_000_000, new FramePool(), socket.receive);
  const frames: Buffer[] = [];
  const drain = () => {
    for (let next = reader.next(); next !== null; next = reader.next()) frames.push(next);
  };
  reader.push(bytes.subarray(0, pushed));
  reader.allowReceiving(allowed, pushed);
  drain();
  reader.allowReceiving(0, 0);
  reader.push(bytes.subarray(pushed + socket.taken));
  drain();
  return frames;
}

const large = (size: number, seed: number) =>
  Buffer.from(Array.from({ length: size }, (_, at) => (at * seed) % 251)).toString("latin1");
const texts = [large(300_000, 3), large(40_000, 5), "small", large(500_000, 7), "last"];
const bytes = Buffer.concat(texts.map((text) => frame(Buffer.from(text, "latin1"))));

describe("a frame reader that may receive", () => {
  test("finds the same frames wherever the pushed bytes end, and however little comes at a time", () => {
    for (const pushed of [1, 3, 4, 5, 100_000, 300_003, 300_004, 300_006, 345_000, 845_020]) {
      for (const most of [1_000_000, 70_000, 3001]) {
        const socket = new ReadySocket(bytes.subarray(pushed), most);
        const frames = framesOf(bytes, pushed, socket);
        expect(frames.map((found) => texts.indexOf(found.toString("latin1")))).toEqual([0, 1, 2, 3, 4]);
      }
    }
  });

  test("receives the rest of a large frame directly", () => {
    const socket = new ReadySocket(bytes.subarray(100_000));

    framesOf(bytes, 100_000, socket);

    expect(socket.taken).toBeGreaterThan(200_004);
  });

  test("receives no more than it is allowed, but for the end of what it asked for", () => {
    const socket = new ReadySocket(bytes.subarray(10_000), 1000);

    const frames = framesOf(bytes, 10_000, socket, 50_000);

    expect(socket.taken).toBe(50_000);
    expect(frames.length).toBe(texts.length);
  });

  test("does not ask for more behind small frames: the event loop brings many at once", () => {
    const small = Buffer.concat([frame("one"), frame("two")]);
    const socket = new ReadySocket(frame("three"));
    const reader = new FrameReader(() => 100, new FramePool(), socket.receive);
    reader.push(small);
    reader.allowReceiving(1000, small.length);
    while (reader.next() !== null);

    expect(socket.calls).toBe(0);
  });

  test("counts what it has received", () => {
    const socket = new ReadySocket(bytes.subarray(100_000, 250_000));
    const reader = new FrameReader(() => 10_000_000, new FramePool(), socket.receive);
    reader.push(bytes.subarray(0, 100_000));
    reader.allowReceiving(1_000_000, 100_000);
    reader.next();

    expect(reader.receivedBytes).toBe(150_000);
    expect(reader.heldBytes).toBeGreaterThanOrEqual(249_996);
  });

  test("refuses a length beyond the limit that it received directly", () => {
    const socket = new ReadySocket(Buffer.from([0x7f, 0, 0, 0]));
    const reader = new FrameReader(() => 400_000, new FramePool(), socket.receive);
    const first = frame(Buffer.from(large(300_000, 3), "latin1"));
    reader.push(first);
    reader.allowReceiving(1000, first.length);
    expect(reader.next()?.length).toBe(300_000);

    expect(() => reader.next()).toThrow(ProtocolViolation);
  });

  test("takes memory for a frame as its bytes come, not as its length claims", () => {
    const claim = Buffer.alloc(4);
    claim.writeInt32BE(9_000_000);
    const socket = new ReadySocket(Buffer.alloc(5000), 1000);
    const reader = new FrameReader(() => 10_000_000, new FramePool(), socket.receive);
    reader.push(claim);
    reader.allowReceiving(1_000_000, 4);
    reader.next();

    expect(reader.heldBytes).toBeLessThan(100_000);
  });
});
