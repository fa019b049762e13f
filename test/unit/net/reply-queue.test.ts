/**
 * Replies in order, in few writes, to a sink that takes as much as the test lets it.
 */
import { describe, expect, test } from "bun:test";
import type { Reply } from "../../../src/net/reply.ts";
import { type ByteSink, ReplyQueue } from "../../../src/net/reply-queue.ts";

class Sink implements ByteSink {
  readonly writes: Buffer[] = [];
  /** Objects written, to see whether they were copied. */
  readonly sources: Uint8Array[] = [];
  room = Number.POSITIVE_INFINITY;
  isClosed = false;
  takenBytes = 0;

  write(data: Uint8Array, byteOffset: number, byteLength: number): number {
    if (this.isClosed) return -1;
    const taken = Math.min(this.room, byteLength);
    this.room -= taken;
    this.takenBytes += taken;
    if (taken > 0) {
      this.writes.push(Buffer.from(data.subarray(byteOffset, byteOffset + taken)));
      this.sources.push(data);
    }
    return taken;
  }

  get text(): string {
    return Buffer.concat(this.writes).toString("latin1");
  }
}

function newQueue(): { sink: Sink; queue: ReplyQueue; errors: unknown[] } {
  const sink = new Sink();
  const errors: unknown[] = [];
  return { sink, errors, queue: new ReplyQueue(sink, (error) => errors.push(error)) };
}

function reply(text: string, release?: () => void): Reply {
  return { buffers: [Buffer.from(text)], ...(release && { release }) };
}

describe("ReplyQueue", () => {
  test("writes many small replies with one call", () => {
    const { sink, queue } = newQueue();
    for (let index = 0; index < 100; index++) queue.add(reply(`${index};`));
    queue.flush();
    expect(sink.writes.length).toBe(1);
    expect(sink.text).toBe(Array.from({ length: 100 }, (_, index) => `${index};`).join(""));
    expect(queue.isEmpty).toBe(true);
    expect(queue.unsentBytes).toBe(0);
  });

  test("writes a large buffer from where it lies", () => {
    const { sink, queue } = newQueue();
    const large = Buffer.alloc(100_000, "l");
    queue.add({ buffers: [Buffer.from("head"), large, Buffer.from("tail")] });
    queue.flush();
    expect(sink.sources[1]).toBe(large);
    expect(sink.text).toBe(`head${"l".repeat(100_000)}tail`);
  });

  test("keeps the order of requests whatever the order of answers", () => {
    const { sink, queue } = newQueue();
    const [first, second, third] = [queue.reserve(10), queue.reserve(20), queue.reserve(30)];
    queue.add(reply("4"));
    expect(queue.pendingRequests).toBe(3);
    expect(queue.pendingRequestBytes).toBe(60);
    queue.answer(third, reply("3"));
    queue.flush();
    expect(sink.text).toBe("");
    queue.answer(first, reply("1"));
    queue.flush();
    expect(sink.text).toBe("1");
    queue.answer(second, reply("2"));
    queue.flush();
    expect(sink.text).toBe("1234");
    expect(queue.pendingRequests).toBe(0);
    expect(queue.pendingRequestBytes).toBe(0);
    expect(queue.isEmpty).toBe(true);
  });

  test("sends nothing for a request without a reply and does not hold up those behind it", () => {
    const { sink, queue } = newQueue();
    const silent = queue.reserve(1);
    queue.add(reply("next"));
    queue.answer(silent, null);
    queue.flush();
    expect(sink.text).toBe("next");
    expect(queue.isEmpty).toBe(true);
  });

  test("goes on where the socket stopped taking, however little it takes at a time", () => {
    for (const step of [997, 16_384, 16_385, 70_000]) {
      const { sink, queue } = newQueue();
      let released = 0;
      const large = Buffer.alloc(40_000, "L");
      for (let index = 0; index < 3; index++) {
        queue.add({
          buffers: [Buffer.from(`<${index}`), large, Buffer.from(">")],
          release: () => released++,
        });
      }
      const expected = ["<0", "<1", "<2"].map((head) => `${head}${"L".repeat(40_000)}>`).join("");
      expect(queue.unsentBytes).toBe(expected.length);
      sink.room = 0;
      queue.flush();
      while (!queue.isEmpty) {
        expect(queue.unsentBytes).toBe(expected.length - sink.takenBytes);
        sink.room = step;
        queue.unblock();
        queue.flush();
      }
      expect(sink.text === expected).toBe(true);
      expect(released).toBe(3);
      expect(queue.unsentBytes).toBe(0);
    }
  });

  test("does not call a socket that takes nothing until it drains", () => {
    const { sink, queue } = newQueue();
    sink.room = 0;
    queue.add(reply("a"));
    queue.flush();
    sink.room = 100;
    queue.add(reply("b"));
    queue.flush();
    expect(sink.text).toBe("");
    queue.unblock();
    queue.flush();
    expect(sink.text).toBe("ab");
  });

  test("releases a reply when its bytes were taken, not before", () => {
    const { sink, queue } = newQueue();
    const released: string[] = [];
    const large = Buffer.alloc(50_000);
    queue.add({ buffers: [large], release: () => released.push("first") });
    queue.add({ buffers: [large], release: () => released.push("second") });
    sink.room = 60_000;
    queue.flush();
    expect(released).toEqual(["first"]);
    queue.dropAll();
    expect(released).toEqual(["first", "second"]);
  });

  test("asks for more of a reply only when what came before was taken", () => {
    const { sink, queue } = newQueue();
    const kept = Buffer.alloc(30_000);
    let asked = 0;
    let released = 0;
    queue.add({
      buffers: [Buffer.from("head:")],
      more: { sizeInBytes: 150_000, next: () => (asked < 5 ? kept.fill(`${asked++}`) : null) },
      release: () => released++,
    });
    queue.add(reply(":next"));
    sink.room = 35_005;
    queue.flush();
    expect(asked).toBe(2);
    expect(queue.unsentBytes).toBe(25_000 + 90_000 + 5);
    sink.room = Number.POSITIVE_INFINITY;
    queue.unblock();
    queue.flush();
    expect(sink.text).toBe(`head:${[0, 1, 2, 3, 4].map((digit) => `${digit}`.repeat(30_000)).join("")}:next`);
    expect(released).toBe(1);
    expect(queue.unsentBytes).toBe(0);
  });

  test("asks for small pieces too only as far as the socket takes them", () => {
    const { sink, queue } = newQueue();
    let asked = 0;
    const next = () => (asked++ < 10_000 ? Buffer.alloc(1000) : null);
    queue.add({ buffers: [], more: { sizeInBytes: 10_000_000, next } });
    expect(queue.unsentBytes).toBe(10_000_000);
    sink.room = 500_000;
    queue.flush();
    expect(asked).toBeLessThan(1000);
    expect(queue.unsentBytes).toBe(9_500_000);
  });

  test("drops what is behind a place and releases it, also when it is answered later", () => {
    const { sink, queue } = newQueue();
    const released: string[] = [];
    const last = queue.reserve(5);
    const behind = queue.reserve(7);
    queue.add(reply("never", () => released.push("never")));
    queue.dropAfter(last);
    expect(queue.pendingRequests).toBe(1);
    expect(queue.unsentBytes).toBe(0);
    queue.answer(
      behind,
      reply("late", () => released.push("late")),
    );
    queue.answer(last, reply("last"));
    queue.add(reply(", really"));
    queue.flush();
    expect(sink.text).toBe("last, really");
    expect(released).toEqual(["never", "late"]);
    expect(queue.isEmpty).toBe(true);
  });

  test("releases what comes after everything was dropped", () => {
    const { queue } = newQueue();
    let released = 0;
    const pending = queue.reserve(5);
    queue.dropAll();
    queue.answer(
      pending,
      reply("late", () => released++),
    );
    queue.add(reply("later", () => released++));
    queue.answer(
      queue.reserve(3),
      reply("latest", () => released++),
    );
    expect(released).toBe(3);
    expect(queue.isEmpty).toBe(true);
    expect(queue.pendingRequests).toBe(0);
  });

  test("reports an error of release and sends the other replies", () => {
    const { sink, queue, errors } = newQueue();
    const failure = new Error("pool is broken");
    queue.add(
      reply("1", () => {
        throw failure;
      }),
    );
    queue.add(reply("2"));
    queue.flush();
    expect(sink.text).toBe("12");
    expect(errors).toEqual([failure]);
  });

  test("knows when the socket is closed, and releases its replies when told to drop them", () => {
    const { sink, queue } = newQueue();
    sink.isClosed = true;
    let released = 0;
    queue.add({ buffers: [Buffer.alloc(50_000)], release: () => released++ });
    expect(queue.isBroken).toBe(false);
    queue.flush();
    expect(queue.isBroken).toBe(true);
    queue.dropAll();
    expect(released).toBe(1);
  });
});
