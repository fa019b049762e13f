/**
 * How connections end: by the peer, by what it sent, by the handler, or because nothing happens on them.
 */
import { afterEach, describe, expect, test } from "bun:test";
import type { Connection } from "../../../src/net/connection.ts";
import { ProtocolViolation } from "../../../src/net/errors.ts";
import type { Listener } from "../../../src/net/listener.ts";
import type { Reply } from "../../../src/net/reply.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { frame, lengthPrefix, RawClient } from "./support/raw-client.ts";
import { echo, KeptLog, oneListener, turns } from "./support/test-listener.ts";

const { listen, close } = oneListener();
afterEach(close);

async function whenNoConnections(of: Listener): Promise<void> {
  while (of.connections > 0) await turns(1);
}

describe("a peer that breaks the protocol", () => {
  test("loses its connection with one log line, and the others go on", async () => {
    const log = new KeptLog();
    const { port } = listen({ log, handle: (request) => echo(request) });
    const good = await RawClient.connect(port);
    for (const length of [-1, -2147483648, 104_857_601, 2147483647]) {
      const bad = await RawClient.connect(port);
      bad.send(lengthPrefix(length));
      await bad.closed();
      good.send(frame("still there"));
      expect((await good.readFrame()).toString()).toBe("still there");
      const what = length < 0 ? "is negative" : "is above socket.request.max.bytes=104857600";
      const line = `warn Closed connection from 127.0.0.1:${bad.port} on listener TEST: request length ${length} ${what}`;
      expect(log.lines.splice(0)).toEqual([line]);
    }
  });

  test("gets the replies to what it asked before, also when they are ready later", async () => {
    const log = new KeptLog();
    const waiting: (() => void)[] = [];
    const { port } = listen({
      log,
      handle: (request) => new Promise((resolve) => waiting.push(() => resolve(echo(request)))),
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("one"), frame("two"), lengthPrefix(-5), Buffer.alloc(100_000)]));
    await log.whenLines(1);
    expect(waiting.length).toBe(2);
    waiting[1]?.();
    waiting[0]?.();
    expect((await client.readFrame()).toString()).toBe("one");
    expect((await client.readFrame()).toString()).toBe("two");
    await client.closed();
    expect(log.lines.length).toBe(1);
  });

  test("does not lose replies under way because it goes on sending", async () => {
    const { port } = listen({ handle: () => echo(Buffer.alloc(3_000_000, "r")) });
    const client = await RawClient.connect(port);
    client.pause();
    client.send(Buffer.concat([frame("fetch"), lengthPrefix(-1)]));
    client.send(Buffer.alloc(20_000_000));
    await turns(50);
    client.resume();
    expect((await client.readFrame()).length).toBe(3_000_000);
  });

  test("costs little when a thousand claim large requests and send a few bytes", async () => {
    const { port } = listen({ handle: (request) => echo(request) });
    const before = process.memoryUsage().rss;
    const clients: RawClient[] = [];
    for (let batch = 0; batch < 10; batch++) {
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(port)))));
    }
    const start = Buffer.concat([lengthPrefix(100_000_000), Buffer.from("x")]);
    for (const client of clients) client.send(start);
    const good = await RawClient.connect(port);
    good.send(frame("good"));
    expect((await good.readFrame()).toString()).toBe("good");
    const cost = process.memoryUsage().rss - before;
    expect(cost).toBeLessThan(60_000_000);
    for (const client of clients) client.close();
  });
});

describe("a handler", () => {
  test("may refuse a request: earlier replies leave, later ones do not", async () => {
    const log = new KeptLog();
    const { port } = listen({
      log,
      handle: (request) => {
        if (request.toString() === "bad") throw new ProtocolViolation("unknown api key 999");
        return echo(request);
      },
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("a"), frame("bad"), frame("b")]));
    expect((await client.readToEnd()).toString()).toBe("\0\0\0\x01a");
    expect(log.lines).toEqual([
      `warn Closed connection from 127.0.0.1:${client.port} on listener TEST: unknown api key 999`,
    ]);
  });

  test("may refuse a request later: what is behind it is dropped and released", async () => {
    let refuse: (error: Error) => void = () => {};
    let answerFirst: () => void = () => {};
    const released: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const log = new KeptLog();
    const { port } = listen({
      log,
      handle: (request) => {
        const text = request.toString();
        if (text === "first") return new Promise((resolve) => (answerFirst = () => resolve(echo("first"))));
        if (text === "bad") return new Promise((_, reject) => (refuse = reject));
        arrived.resolve();
        return { buffers: [frame(text)], release: () => released.push(text) };
      },
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("first"), frame("bad"), frame("behind")]));
    await arrived.promise;
    refuse(new ProtocolViolation("not like this"));
    await log.whenLines(1);
    expect(released).toEqual(["behind"]);
    answerFirst();
    expect((await client.readToEnd()).toString()).toBe("\0\0\0\x05first");
  });

  test("that fails unexpectedly costs only its connection", async () => {
    const log = new KeptLog();
    const { port } = listen({
      log,
      handle: (request) => {
        if (request.toString() === "now") throw new TypeError("undefined is not a function");
        if (request.toString() === "later") return Promise.reject("no error object");
        return echo(request);
      },
    });
    const good = await RawClient.connect(port);
    for (const text of ["now", "later"]) {
      const client = await RawClient.connect(port);
      client.send(frame(text));
      await client.closed();
    }
    good.send(frame("fine"));
    expect((await good.readFrame()).toString()).toBe("fine");
    expect(log.lines.length).toBe(2);
    expect(log.lines[0]).toStartWith("error Closed connection from 127.0.0.1:");
    expect(log.lines[0]).toContain("unexpected error: TypeError: undefined is not a function");
    expect(log.lines[0]).not.toContain("\n");
    expect(log.lines[1]).toContain("unexpected error: no error object");
  });

  test("may close the connection behind a reply", async () => {
    const log = new KeptLog();
    const { port } = listen({
      log,
      handle: async (request) => ({
        ...echo(request),
        ...(request.toString() === "login" && { thenClose: "wrong password" }),
      }),
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("hello"), frame("login"), frame("more")]));
    expect((await client.readToEnd()).toString()).toBe("\0\0\0\x05hello\0\0\0\x05login");
    expect(log.lines).toEqual([
      `info Closed connection from 127.0.0.1:${client.port} on listener TEST: wrong password`,
    ]);
  });

  test("may close the connection at once", async () => {
    const log = new KeptLog();
    const { port } = listen({
      log,
      handle: (request, connection) => {
        connection.close("session expired");
        return echo(request);
      },
    });
    const client = await RawClient.connect(port);
    client.send(frame("x"));
    expect((await client.readToEnd()).length).toBe(0);
    expect(log.lines[0]).toEndWith("session expired");
  });

  test("that fails while its reply is being sent costs only the connection", async () => {
    const log = new KeptLog();
    let released = 0;
    const { port } = listen({
      log,
      handle: () => ({
        buffers: [lengthPrefix(1000)],
        more: {
          sizeInBytes: 1000,
          next: () => {
            throw new Error("segment is gone");
          },
        },
        release: () => released++,
      }),
    });
    const client = await RawClient.connect(port);
    client.send(frame("fetch"));
    await client.closed();
    expect(log.lines[0]).toContain("segment is gone");
    expect(released).toBe(1);
  });

  test("whose callbacks fail costs nobody anything", async () => {
    const log = new KeptLog();
    const fail = () => {
      throw new Error("callback is broken");
    };
    const { port } = listen({
      log,
      handle: (request, connection) => {
        connection.onClose(fail);
        return { buffers: [frame(request)], release: fail };
      },
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("a"), frame("b")]));
    expect((await client.read(10)).toString()).toBe("\0\0\0\x01a\0\0\0\x01b");
    client.close();
    await log.whenLines(4);
    for (const line of log.lines) {
      expect(line).toStartWith(`error Error behind a connection from 127.0.0.1:`);
      expect(line).toContain("callback is broken");
    }
  });

  test("is told when the connection closes", async () => {
    let connection: Connection | null = null;
    const closed = Promise.withResolvers<void>();
    let removed = 0;
    const { port } = listen({
      handle: (request, from) => {
        connection = from;
        from.onClose(() => closed.resolve());
        from.onClose(() => removed++)();
        return echo(request);
      },
    });
    const client = await RawClient.connect(port);
    client.send(frame("x"));
    await client.readFrame();
    client.close();
    await closed.promise;
    expect((connection as Connection | null)?.closed).toBe(true);
    expect(removed).toBe(0);
  });

  test("that answers after the connection closed has its reply released", async () => {
    let answer: (reply: Reply) => void = () => {};
    const arrived = Promise.withResolvers<Connection>();
    const { port } = listen({
      handle: (_, connection) => {
        arrived.resolve(connection);
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const client = await RawClient.connect(port);
    client.send(frame("x"));
    (await arrived.promise).close("enough");
    const released = Promise.withResolvers<void>();
    answer({ buffers: [frame("late")], release: () => released.resolve() });
    await released.promise;
  });
});

describe("a peer that closes its sending side", () => {
  test("gets the answers to what it asked", async () => {
    const of = listen({
      handle: async (request) => {
        await turns(3);
        return echo(request);
      },
    });
    const client = await RawClient.connect(of.port);
    client.send(Buffer.concat([frame("a"), frame("b")]));
    client.endSending();
    expect((await client.readToEnd()).toString()).toBe("\0\0\0\x01a\0\0\0\x01b");
    await whenNoConnections(of);
  });

  test("is closed after a second when an answer is not ready", async () => {
    const clock = new ManualClock();
    const arrived = Promise.withResolvers<Connection>();
    const of = listen({
      clock,
      handle: (_, connection) => {
        arrived.resolve(connection);
        return new Promise(() => {});
      },
    });
    const client = await RawClient.connect(of.port);
    client.send(frame("long poll"));
    const connection = await arrived.promise;
    const timers = clock.pending;
    client.endSending();
    while (clock.pending === timers) await turns(1);
    expect(connection.closed).toBe(false);
    clock.advance(1000);
    expect(connection.closed).toBe(true);
    await whenNoConnections(of);
  });
});

describe("connections.max.idle.ms", () => {
  test("closes a connection on which nothing happens, and not one that is used", async () => {
    const clock = new ManualClock();
    const of = listen({ clock, handle: (request) => echo(request) });
    const [idle, used] = [await RawClient.connect(of.port), await RawClient.connect(of.port)];
    for (const client of [idle, used]) {
      client.send(frame("x"));
      await client.readFrame();
    }
    clock.advance(500_000);
    used.send(frame("x"));
    await used.readFrame();
    clock.advance(160_000);
    await idle.closed();
    expect(used.isClosed).toBe(false);
    clock.advance(480_000);
    await used.closed();
    await whenNoConnections(of);
    clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  test("is not counted before it is over", async () => {
    const clock = new ManualClock();
    const of = listen({ clock, handle: (request) => echo(request) });
    const client = await RawClient.connect(of.port);
    client.send(frame("x"));
    await client.readFrame();
    clock.advance(599_999);
    expect(of.connections).toBe(1);
  });

  test("does not hold for a connection that waits for an answer", async () => {
    const clock = new ManualClock();
    let answer: (reply: Reply) => void = () => {};
    const arrived = Promise.withResolvers<void>();
    const of = listen({
      clock,
      handle: () => {
        arrived.resolve();
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const client = await RawClient.connect(of.port);
    client.send(frame("long poll"));
    await arrived.promise;
    clock.advance(3_000_000);
    answer(echo("at last"));
    expect((await client.readFrame()).toString()).toBe("at last");
    clock.advance(500_000);
    expect(of.connections).toBe(1);
  });

  test("closes a connection that never finishes a request or never takes a reply", async () => {
    const clock = new ManualClock();
    const of = listen({ clock, handle: () => echo(Buffer.alloc(30_000_000)) });
    const unfinished = await RawClient.connect(of.port);
    unfinished.send(lengthPrefix(1000));
    const deaf = await RawClient.connect(of.port);
    deaf.pause();
    deaf.send(frame("fetch"));
    await turns(50);
    clock.advance(660_000);
    await whenNoConnections(of);
  });

  test("means never when it is negative", async () => {
    const clock = new ManualClock();
    const of = listen({ clock, limits: { connectionsMaxIdleMs: -1 }, handle: (request) => echo(request) });
    const client = await RawClient.connect(of.port);
    client.send(frame("x"));
    await client.readFrame();
    clock.advance(1_000_000_000);
    expect(of.connections).toBe(1);
  });
});
