/**
 * What one connection may take of the broker, over real sockets.
 */
import { afterEach, describe, expect, test } from "bun:test";
import type { Connection } from "../../../src/net/connection.ts";
import type { Reply } from "../../../src/net/reply.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { frame, lengthPrefix, RawClient } from "./support/raw-client.ts";
import { echo, KeptLog, oneListener, turns } from "./support/test-listener.ts";

const { listen, close } = oneListener();
afterEach(close);

const MIB = 1024 * 1024;

describe("a client that does not read its replies", () => {
  test("is not read from beyond its share, and gets everything when it reads again", async () => {
    let handled = 0;
    let connection: Connection | null = null;
    const { port } = listen({
      limits: { maxUnsentReplyBytes: MIB },
      handle: (_, from) => {
        connection = from;
        handled++;
        return { buffers: [lengthPrefix(100_000), Buffer.alloc(100_000, handled & 0xff)] };
      },
    });
    const client = await RawClient.connect(port);
    client.pause();
    const count = 1000;
    client.send(Buffer.concat(Array.from({ length: count }, () => frame("fetch"))));
    const unsent = () => (connection as Connection | null)?.unsentReplyBytes ?? 0;
    while (unsent() < MIB) await turns(1);
    await turns(20);
    const atPause = handled;
    expect(unsent()).toBeLessThan(MIB + 200_000);
    expect(atPause).toBeLessThan(200);
    client.resume();
    for (let index = 1; index <= count; index++) {
      const reply = await client.readFrame();
      if (reply.length !== 100_000 || reply[0] !== (index & 0xff)) expect(reply[0]).toBe(index & 0xff);
    }
    expect(handled).toBe(count);
    expect(unsent()).toBe(0);
  });

  test("is read from again when its replies only had to be written", async () => {
    const { port } = listen({ limits: { maxUnsentReplyBytes: 1 }, handle: (request) => echo(request) });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat(Array.from({ length: 100 }, (_, index) => frame(`${index}`))));
    for (let index = 0; index < 100; index++) expect((await client.readFrame()).toString()).toBe(`${index}`);
  });

  test("does not make a reply given in parts come into memory as a whole", async () => {
    const piece = Buffer.alloc(100_000);
    let pieces = 0;
    const { port } = listen({
      handle: () => ({
        buffers: [lengthPrefix(100_000 * 500)],
        more: { sizeInBytes: 100_000 * 500, next: () => (pieces < 500 ? piece.fill(pieces++ & 0xff) : null) },
      }),
    });
    const client = await RawClient.connect(port);
    client.pause();
    client.send(frame("fetch"));
    while (pieces === 0) await turns(1);
    await turns(20);
    expect(pieces).toBeLessThan(200);
    client.resume();
    const body = await client.readFrame();
    for (let index = 0; index < 500; index++) {
      if (body[index * 100_000 + 99_999] !== (index & 0xff)) expect(`piece ${index}`).toBe("right");
    }
  });
});

describe("a client with many unanswered requests", () => {
  test("is not read from while as many as allowed are in flight", async () => {
    const waiting: ((reply: Reply) => void)[] = [];
    let handled = 0;
    const { port } = listen({
      limits: { maxInFlightRequests: 10 },
      handle: (request) => {
        handled++;
        return new Promise((resolve) => waiting.push(() => resolve(echo(request))));
      },
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat(Array.from({ length: 100 }, (_, index) => frame(`${index}`))));
    for (let answered = 0; answered < 100; answered++) {
      while (waiting.length === 0) await turns(1);
      expect(handled).toBeLessThanOrEqual(answered + 10);
      waiting.shift()?.(echo(""));
      expect((await client.readFrame()).toString()).toBe(`${answered}`);
    }
  });

  test("is not read from while they have more bytes than allowed", async () => {
    const waiting: (() => void)[] = [];
    const { port } = listen({
      limits: { maxInFlightRequestBytes: 100_000 },
      handle: (request) => new Promise((resolve) => waiting.push(() => resolve(echo(`${request.length}`)))),
    });
    const client = await RawClient.connect(port);
    const bytes = Buffer.concat(Array.from({ length: 20 }, () => frame(Buffer.alloc(60_000))));
    client.send(bytes);
    while (waiting.length < 2) await turns(1);
    await turns(20);
    expect(waiting.length).toBe(2);
    for (let answered = 0; answered < 20; answered++) {
      while (waiting.length === 0) await turns(1);
      waiting.shift()?.();
      expect((await client.readFrame()).toString()).toBe("60000");
    }
  });

  test("cannot send more than the kernel buffers while it is not read from", async () => {
    const waiting: (() => void)[] = [];
    const { port } = listen({
      limits: { maxInFlightRequests: 1 },
      handle: (request) => new Promise((resolve) => waiting.push(() => resolve(echo(`${request.length}`)))),
    });
    const client = await RawClient.connect(port);
    for (let request = 0; request < 10; request++) client.send(frame(Buffer.alloc(10 * MIB)));
    while (waiting.length === 0) await turns(1);
    await turns(200);
    expect(client.hasUnsent).toBe(true);
    for (let answered = 0; answered < 10; answered++) {
      while (waiting.length === 0) await turns(1);
      waiting.shift()?.();
      expect((await client.readFrame()).toString()).toBe(`${10 * MIB}`);
    }
  });

  test("lets a single request be larger than the share", async () => {
    const { port } = listen({
      limits: { maxInFlightRequestBytes: 1000, maxUnsentReplyBytes: 1000 },
      handle: async (request) => echo(request),
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame(Buffer.alloc(MIB)), frame(Buffer.alloc(MIB))]));
    expect((await client.readFrame()).length).toBe(MIB);
    expect((await client.readFrame()).length).toBe(MIB);
  });
});

describe("queued.max.request.bytes", () => {
  test("makes large requests wait for each other, and all are answered", async () => {
    let inFlight = 0;
    let most = 0;
    const { port } = listen({
      limits: { queuedMaxRequestBytes: 2 * MIB },
      handle: async (request) => {
        inFlight += request.length;
        most = Math.max(most, inFlight);
        await turns(3);
        inFlight -= request.length;
        return echo(`${request.length}`);
      },
    });
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(port)));
    for (const client of clients) {
      for (let request = 0; request < 3; request++) client.send(frame(Buffer.alloc(MIB)));
    }
    for (const client of clients) {
      for (let request = 0; request < 3; request++)
        expect((await client.readFrame()).toString()).toBe(`${MIB}`);
    }
    expect(most).toBeLessThan(20 * MIB);
  });

  test("does not stop small requests, nor for ever large ones, when stalled requests hold it all", async () => {
    const clock = new ManualClock();
    const log = new KeptLog();
    const { port } = listen({
      clock,
      log,
      limits: { queuedMaxRequestBytes: MIB },
      handle: (request) => echo(`${request.length}`),
    });
    const stalled = await Promise.all(Array.from({ length: 4 }, () => RawClient.connect(port)));
    for (const client of stalled) {
      client.send(lengthPrefix(50 * MIB));
      client.send(Buffer.alloc(MIB));
    }
    for (const client of stalled) await client.sent();
    const small = await RawClient.connect(port);
    small.send(frame("heartbeat"));
    expect((await small.readFrame()).toString()).toBe("9");
    const large = await RawClient.connect(port);
    large.send(frame(Buffer.alloc(10 * MIB)));
    let answer: string | null = null;
    const answered = large.readFrame().then((bytes) => {
      answer = bytes.toString();
    });
    for (let round = 0; round < 10 && answer === null; round++) {
      await turns(20);
      clock.advance(5000);
      await turns(20);
    }
    await answered;
    expect(answer as string | null).toBe(`${10 * MIB}`);
    expect(log.lines.join("\n")).toContain("queued.max.request.bytes");
  });
});
