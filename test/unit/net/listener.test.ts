/**
 * Opening a port, limiting who comes in, and closing.
 */
import { afterEach, describe, expect, test } from "bun:test";
import { ConnectionBudget } from "../../../src/net/connection-budget.ts";
import { ListenError } from "../../../src/net/errors.ts";
import { DEFAULT_LIMITS } from "../../../src/net/limits.ts";
import type { Listener } from "../../../src/net/listener.ts";
import type { Reply } from "../../../src/net/reply.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { frame, RawClient } from "./support/raw-client.ts";
import { echo, KeptLog, type TestListenerOptions, testListener, turns } from "./support/test-listener.ts";

const listeners: Listener[] = [];

function listen(options: Partial<TestListenerOptions> = {}): Listener {
  const listener = testListener({ handle: (request) => echo(request), ...options });
  listeners.push(listener);
  return listener;
}

afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close(0)));
});

async function answers(client: RawClient): Promise<boolean> {
  client.send(frame("ping"));
  return (await client.readToEndOr(8)).length === 8;
}

describe("a listener", () => {
  test("takes IPv4 and IPv6 on all interfaces for every way to say so", async () => {
    for (const hostname of ["", "0.0.0.0", "::"]) {
      const { port } = listen({ hostname });
      for (const address of ["127.0.0.1", "::1"]) {
        const client = await RawClient.connect(port, address);
        expect(await answers(client)).toBe(true);
      }
    }
  });

  test("says that its port is in use, with its name, address and port", () => {
    const { port } = listen();
    expect(() => listen({ port })).toThrow(
      new ListenError(
        "PORT_IN_USE",
        `Listener TEST cannot listen on 127.0.0.1:${port}: port ${port} is in use by another process. Stop that one, or choose another port in listeners.`,
      ),
    );
  });

  test("says nothing of clients that are gone again before it looks", async () => {
    const log = new KeptLog();
    const of = listen({ log });
    // Other processes connect, and reset the connection, while this one is held up.
    const program = `require("node:net").connect(${of.port}, "127.0.0.1").on("connect", function () { this.resetAndDestroy(); })`;
    for (let index = 0; index < 3; index++) Bun.spawnSync([process.execPath, "-e", program]);

    expect(await answers(await RawClient.connect(of.port))).toBe(true);
    expect(log.lines).toEqual([]);
  });

  test("can have the port of one that has just closed with connections", async () => {
    const first = listen();
    const client = await RawClient.connect(first.port);
    expect(await answers(client)).toBe(true);
    await first.close(0);
    const second = listen({ port: first.port });
    expect(second.port).toBe(first.port);
    expect(await answers(await RawClient.connect(second.port))).toBe(true);
  });

  test("closes connections beyond max.connections with a log line, and takes one again when another has gone", async () => {
    const log = new KeptLog();
    const of = listen({ log, limits: { maxConnections: 3 } });
    const clients: RawClient[] = [];
    for (let index = 0; index < 3; index++) clients.push(await RawClient.connect(of.port));
    const refused = await RawClient.connect(of.port);
    await refused.closed();
    expect(log.lines).toEqual([
      `warn Refused connection from 127.0.0.1:${refused.port} on listener TEST: max.connections=3 is reached`,
    ]);
    clients[0]?.close();
    while (of.connections === 3) await turns(1);
    expect(await answers(await RawClient.connect(of.port))).toBe(true);
  });

  test("counts max.connections over all listeners that share a budget", async () => {
    const log = new KeptLog();
    const budget = new ConnectionBudget({ ...DEFAULT_LIMITS, maxConnections: 2 }, log, new ManualClock());
    const [a, b] = [listen({ budget }), listen({ budget })];
    const first = await RawClient.connect(a.port);
    expect(await answers(first)).toBe(true);
    expect(await answers(await RawClient.connect(b.port))).toBe(true);
    await (await RawClient.connect(b.port)).closed();
    expect(budget.connections).toBe(2);
    first.close();
    while (budget.connections === 2) await turns(1);
    expect(await answers(await RawClient.connect(b.port))).toBe(true);
  });

  test("logs at most ten of thousands of refusals in a second", async () => {
    const log = new KeptLog();
    const clock = new ManualClock();
    const of = listen({ log, clock, limits: { maxConnectionsPerIp: 0 } });
    for (let index = 0; index < 200; index++) await (await RawClient.connect(of.port)).closed();
    expect(log.lines.length).toBe(10);
    clock.advance(1000);
    expect(log.lines.slice(10)).toEqual([
      "warn 190 more log lines about connections were left out in the last second",
    ]);
  });

  test("serves a thousand connections at a time", async () => {
    const of = listen();
    const clients: RawClient[] = [];
    for (let batch = 0; batch < 10; batch++) {
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(of.port)))));
    }
    for (const [index, client] of clients.entries()) client.send(frame(`I am ${index}`));
    for (const [index, client] of clients.entries()) {
      expect((await client.readFrame()).toString()).toBe(`I am ${index}`);
    }
    expect(of.connections).toBe(1000);
    for (const client of clients) client.close();
    while (of.connections > 0) await turns(1);
  });
});

describe("closing a listener", () => {
  test("takes no new connections, answers what is in flight, and closes everything", async () => {
    const waiting: ((reply: Reply) => void)[] = [];
    const of = listen({ handle: () => new Promise((resolve) => waiting.push(resolve)) });
    const [idle, busy] = [await RawClient.connect(of.port), await RawClient.connect(of.port)];
    busy.send(Buffer.concat([frame("one"), frame("two")]));
    while (waiting.length < 2) await turns(1);
    const closing = of.close();
    await idle.closed();
    expect(of.connections).toBe(1);
    await expect(RawClient.connect(of.port)).rejects.toThrow();
    busy.send(frame("too late"));
    await busy.sent();
    waiting[1]?.(echo("2"));
    waiting[0]?.(echo("1"));
    expect((await busy.readToEnd()).toString()).toBe("\0\0\0\x011\0\0\0\x012");
    busy.close();
    await closing;
    expect(of.connections).toBe(0);
    expect(waiting.length).toBe(2);
  });

  test("flushes a large reply to a reader that is slow", async () => {
    const of = listen({ handle: () => echo(Buffer.alloc(20_000_000, "b")) });
    const client = await RawClient.connect(of.port);
    client.pause();
    client.send(frame("fetch"));
    await turns(20);
    const closing = of.close();
    client.resume();
    expect((await client.readFrame()).length).toBe(20_000_000);
    await client.closed();
    client.close();
    await closing;
  });

  test("closes what is left at the deadline", async () => {
    const clock = new ManualClock();
    const arrived = Promise.withResolvers<void>();
    const of = listen({
      clock,
      handle: () => {
        arrived.resolve();
        return new Promise(() => {});
      },
    });
    const client = await RawClient.connect(of.port);
    client.send(frame("never answered"));
    await arrived.promise;
    let isClosed = false;
    const closing = of.close(2000).then(() => {
      isClosed = true;
    });
    clock.advance(1999);
    await turns();
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closing;
    await client.closed();
  });

  test("settles when it is asked for again, and without connections", async () => {
    const clock = new ManualClock();
    const of = listen({ clock });
    await Promise.all([of.close(), of.close()]);
    await of.close();
    expect(clock.pending).toBe(0);
  });
});
