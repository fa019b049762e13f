/**
 * Records that are sent from their files: the same bytes reach the client, whatever the socket takes at a time.
 */
import { afterEach, describe, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PieceBuffers, ReplyStream } from "../../../src/api/streamed-reply.ts";
import type { SendFile } from "../../../src/net/reply.ts";
import { ReplyQueue } from "../../../src/net/reply-queue.ts";
import type { RecordsSource } from "../../../src/protocol/records-source.ts";
import { Writer } from "../../../src/protocol/writer.ts";
import { RawClient } from "../net/support/raw-client.ts";
import { testListener } from "../net/support/test-listener.ts";

const FILE_BYTES = 3_000_000;
const content = Buffer.from(Array.from({ length: FILE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function openFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "houska-test-"));
  writeFileSync(join(folder, "log"), content);
  const descriptor = openSync(join(folder, "log"), "r");
  cleanUp.push(
    () => rmSync(folder, { recursive: true }),
    () => closeSync(descriptor),
  );
  return descriptor;
}

class FileSource implements RecordsSource {
  copied = 0;

  constructor(
    private readonly file: number,
    readonly filePosition: number,
    readonly sizeInBytes: number,
  ) {}

  descriptor(): number {
    return this.file;
  }

  copyInto(target: Uint8Array, targetOffset: number, from = 0, length = this.sizeInBytes - from): void {
    this.copied += length;
    readSync(this.file, target, targetOffset, length, this.filePosition + from);
  }
}

/** A reply with these records: its stream, and all its bytes. */
function replyWith(sources: readonly FileSource[]): { stream: ReplyStream; whole: Buffer } {
  const fill = (writer: Writer) => {
    writer.int32(0);
    for (const source of sources) writer.records(source, false);
    writer.string("the end", false);
    writer.setInt32(0, writer.totalSize - 4);
    return writer;
  };
  const whole = Buffer.from(fill(new Writer()).written());
  for (const source of sources) source.copied = 0;
  return { stream: new ReplyStream(fill(new Writer(64, 100)), new PieceBuffers()), whole };
}

function sourcesOf(file: number): FileSource[] {
  return [
    new FileSource(file, 17, 1_000_000),
    new FileSource(file, 1, 300),
    new FileSource(file, 4096, 0),
    new FileSource(file, 999_999, 2_000_001),
  ];
}

describe("records sent from their files", () => {
  test("arrive whole and in order however little the socket takes", () => {
    for (const most of [1, 999, 20_000, 70_000, 5_000_000]) {
      const sources = sourcesOf(openFile());
      const { stream, whole } = replyWith(sources);
      const arrived: Buffer[] = [];
      let room = most;
      const take = (bytes: Buffer) => {
        room -= bytes.length;
        arrived.push(bytes);
        return bytes.length;
      };
      const sendFile: SendFile = (_, position, length) =>
        take(content.subarray(position, position + Math.min(length, room)));
      const sink = {
        write: (data: Uint8Array, offset: number, length: number) =>
          take(Buffer.from(data.subarray(offset, offset + Math.min(length, room)))),
      };
      const queue = new ReplyQueue(sink, () => {}, sendFile);
      queue.add({ buffers: [stream.beginning], more: stream });
      // With a byte at a time, the beginning is enough to see.
      for (let round = 0; !queue.isEmpty && round < 20_000; round++) {
        room = most;
        queue.unblock();
        queue.flush();
      }
      const bytes = Buffer.concat(arrived);
      expect(bytes.equals(whole.subarray(0, bytes.length))).toBe(true);
      if (most > 1) expect(bytes.length).toBe(whole.length);
      if (most > 1) expect(queue.unsentBytes).toBe(0);
    }
  });

  test("are copied where the socket can't send files", () => {
    const { stream, whole } = replyWith(sourcesOf(openFile()));
    const arrived: Buffer[] = [];
    const sink = {
      write(data: Uint8Array, offset: number, length: number) {
        arrived.push(Buffer.from(data.subarray(offset, offset + length)));
        return length;
      },
    };
    const queue = new ReplyQueue(sink, () => {});
    queue.add({ buffers: [stream.beginning], more: stream });
    queue.flush();

    expect(Buffer.concat(arrived).equals(whole)).toBe(true);
  });

  test("go through a real socket, mostly without being copied", async () => {
    const sources = sourcesOf(openFile());
    const { stream, whole } = replyWith(sources);
    const listener = testListener({ handle: () => ({ buffers: [stream.beginning], more: stream }) });
    cleanUp.push(() => listener.close(0));
    const client = await RawClient.connect(listener.port);
    client.send(Buffer.from([0, 0, 0, 1, 0]));

    expect((await client.readFrame()).equals(whole.subarray(4))).toBe(true);
    const copied = sources.reduce((sum, source) => sum + source.copied, 0);
    if (process.platform === "linux") expect(copied).toBeLessThan(whole.length / 2);
  });
});
