import { describe, expect, test } from "bun:test";
import { PieceBuffers, ReplyStream } from "../../../src/api/streamed-reply.ts";
import { UnanswerableRequest } from "../../../src/api/unanswerable-request.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import type { RecordsSource } from "../../../src/protocol/records-source.ts";
import { Writer } from "../../../src/protocol/writer.ts";

/** A file's bytes, each of which tells where it stands. */
class FakeSource implements RecordsSource {
  readonly filePosition = 0;
  readonly bytes: Buffer;
  copied = 0;

  constructor(
    readonly sizeInBytes: number,
    first: number,
  ) {
    this.bytes = Buffer.from(Array.from({ length: sizeInBytes }, (_, index) => (first + index) & 0xff));
  }

  copyInto(target: Uint8Array, targetOffset: number, from = 0, length = this.sizeInBytes - from): void {
    this.copied += length;
    target.set(this.bytes.subarray(from, from + length), targetOffset);
  }
}

function written(sources: readonly RecordsSource[], recordsWithin: number): Writer {
  const writer = new Writer(16, recordsWithin);
  writer.int32(0);
  sources.forEach((source, index) => {
    writer.int32(index);
    writer.records(source, false);
  });
  writer.string("the end", false);
  return writer;
}

function piecesOf(stream: ReplyStream): Buffer {
  const pieces = [Buffer.from(stream.beginning)];
  for (let piece = stream.next(); piece !== null; piece = stream.next()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const sizes = [[300_000], [10, 600_000, 0, 262_144, 1], [262_132, 1, 300_000], [1, 1, 1]];

describe("a reply whose records are streamed", () => {
  test.each(sizes.map((some) => [some]))(
    "has the same bytes as one in memory, with records of %p",
    (some) => {
      const sources = some.map((size, index) => new FakeSource(size, index * 7));
      const whole = written(sources, Number.POSITIVE_INFINITY).written();
      for (const recordsWithin of [0, 20, 100, 280_000]) {
        const writer = written(sources, recordsWithin);
        expect(writer.totalSize).toBe(whole.length);
        const stream = new ReplyStream(writer, new PieceBuffers());
        expect(stream.beginning.length + stream.sizeInBytes).toBe(whole.length);
        expect(piecesOf(stream).equals(whole)).toBe(true);
      }
    },
  );

  test("reads no more of them than is asked for", () => {
    const source = new FakeSource(1_000_000, 0);
    const stream = new ReplyStream(written([source], 1000), new PieceBuffers());
    expect(source.copied).toBe(0);
    stream.next();
    expect(source.copied).toBeLessThanOrEqual(256 * 1024);
  });

  test("gives its buffer to the next one", () => {
    const buffers = new PieceBuffers();
    const [first, second] = [1, 2].map(
      (byte) => new ReplyStream(written([new FakeSource(9, byte)], 0), buffers),
    );
    const piece = first?.next();
    first?.release();
    expect(second?.next()?.buffer).toBe(piece?.buffer as ArrayBuffer);
  });

  test("ends its connection when they are gone before they were sent", () => {
    const gone: RecordsSource = {
      sizeInBytes: 5,
      filePosition: 0,
      copyInto: () => {
        throw new KafkaError("NOT_LEADER_OR_FOLLOWER", "The log of a-0 is closed");
      },
    };
    const stream = new ReplyStream(written([gone], 0), new PieceBuffers());
    expect(() => stream.next()).toThrow(UnanswerableRequest);
    expect(() => stream.next()).toThrow("The log of a-0 is closed");
  });
});
