/**
 * Requests and replies over real sockets.
 */
import { afterEach, describe, expect, test } from "bun:test";
import type { Connection } from "../../../src/net/connection.ts";
import type { Reply } from "../../../src/net/reply.ts";
import { frame, RawClient } from "./support/raw-client.ts";
import { echo, KeptLog, oneListener, type TestSession } from "./support/test-listener.ts";

const { listen, close } = oneListener();
afterEach(close);

describe("a connection", () => {
  test("answers frames cut at every byte", async () => {
    const bytes = Buffer.concat([frame("first"), frame(""), frame("third one")]);
    const { port } = listen({ handle: (request) => echo(request) });
    for (let cut = 1; cut < bytes.length; cut++) {
      const client = await RawClient.connect(port);
      client.send(bytes.subarray(0, cut));
      // The first frame has nine bytes: its answer shows that the first part was received on its own.
      if (cut >= 9 && cut < 13) expect((await client.readFrame()).toString()).toBe("first");
      client.send(bytes.subarray(cut));
      const expected = cut >= 9 && cut < 13 ? ["", "third one"] : ["first", "", "third one"];
      for (const text of expected) expect((await client.readFrame()).toString()).toBe(text);
      client.close();
    }
  });

  test("answers thousands of pipelined requests in order", async () => {
    const { port } = listen({ handle: (request) => echo(request) });
    const client = await RawClient.connect(port);
    const count = 20_000;
    client.send(Buffer.concat(Array.from({ length: count }, (_, index) => frame(`request ${index}`))));
    for (let index = 0; index < count; index += 1) {
      const answer = (await client.readFrame()).toString();
      if (answer !== `request ${index}`) expect(answer).toBe(`request ${index}`);
    }
  });

  test("sends replies in the order of requests when they become ready in another", async () => {
    const ready: ((reply: Reply) => void)[] = [];
    const allArrived = Promise.withResolvers<void>();
    const { port } = listen({
      handle: () => {
        const { promise, resolve } = Promise.withResolvers<Reply>();
        ready.push(resolve);
        if (ready.length === 5) allArrived.resolve();
        return promise;
      },
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat(Array.from({ length: 5 }, (_, index) => frame(`${index}`))));
    await allArrived.promise;
    for (const index of [3, 1, 4, 0, 2]) ready[index]?.(echo(`reply ${index}`));
    for (let index = 0; index < 5; index++)
      expect((await client.readFrame()).toString()).toBe(`reply ${index}`);
  });

  test("sends nothing for a request without a reply, and the replies around it", async () => {
    const { port } = listen({
      handle: async (request) => (request.toString() === "silent" ? null : echo(request)),
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("a"), frame("silent"), frame("b"), frame("silent"), frame("c")]));
    expect((await client.read(15)).toString()).toBe("\0\0\0\x01a\0\0\0\x01b\0\0\0\x01c");
  });

  test("carries large requests and replies unchanged", async () => {
    const { port } = listen({ handle: (request) => echo(request) });
    const client = await RawClient.connect(port);
    const body = Buffer.alloc(5_000_000);
    for (let index = 0; index < body.length; index++) body[index] = (index * 31 + (index >> 9)) & 0xff;
    client.send(frame(body));
    client.send(frame("after"));
    expect((await client.readFrame()).equals(body)).toBe(true);
    expect((await client.readFrame()).toString()).toBe("after");
  });

  test("tells the handler where it comes from, where it arrived, and keeps its session", async () => {
    const seen: Connection<TestSession>[] = [];
    const { port } = listen({
      hostname: "",
      handle: (_, connection) => {
        seen.push(connection);
        return echo(`${++connection.session.requests}`);
      },
    });
    const over4 = await RawClient.connect(port, "127.0.0.1");
    over4.send(Buffer.concat([frame("x"), frame("x")]));
    await over4.readFrame();
    expect((await over4.readFrame()).toString()).toBe("2");
    const over6 = await RawClient.connect(port, "::1");
    over6.send(frame("x"));
    expect((await over6.readFrame()).toString()).toBe("1");
    const [first, , last] = seen;
    expect(first).toMatchObject({
      listenerName: "TEST",
      securityProtocol: "PLAINTEXT",
      localAddress: "127.0.0.1",
      localPort: port,
      remoteAddress: "127.0.0.1",
      remotePort: over4.port,
      closed: false,
    });
    expect(last).toMatchObject({ localAddress: "::1", localPort: port, remoteAddress: "::1" });
    expect(last?.id).not.toBe(first?.id);
  });

  test("lets other connections have their turn while one has thousands of requests waiting", async () => {
    const order: string[] = [];
    const { port } = listen({
      handle: (request) => {
        order.push(request.toString());
        return null;
      },
    });
    const [busy, other] = [await RawClient.connect(port), await RawClient.connect(port)];
    busy.send(Buffer.concat([...Array.from({ length: 3000 }, () => frame("busy")), frame("last")]));
    other.send(frame("other"));
    while (!order.includes("last")) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(order.indexOf("other")).toBeGreaterThanOrEqual(0);
    expect(order.indexOf("other")).toBeLessThan(order.indexOf("last"));
  });

  test("frees what a reply holds once it has been sent, and when it cannot be", async () => {
    const log = new KeptLog();
    let released = 0;
    const allReleased = Promise.withResolvers<void>();
    const { port } = listen({
      log,
      handle: (request) => ({
        buffers: [frame(request)],
        release: () => {
          if (++released === 3) allReleased.resolve();
        },
      }),
    });
    const client = await RawClient.connect(port);
    client.send(Buffer.concat([frame("a"), frame("b")]));
    await client.readFrame();
    await client.readFrame();
    expect(released).toBe(2);
    client.pause();
    client.send(frame(Buffer.alloc(30_000_000)));
    await client.sent();
    client.close();
    await allReleased.promise;
    expect(released).toBe(3);
  });
});

describe("memory of large requests", () => {
  test("is used again for the next ones when a reply says that it is free, and never before", async () => {
    const seen: Buffer[] = [];
    const kept: { request: Buffer; copy: Buffer }[] = [];
    const { port } = listen({
      handle: (request) => {
        seen.push(request);
        const isFree = request.readUInt8(0) === 1;
        if (!isFree) kept.push({ request, copy: Buffer.from(request) });
        return { ...echo(request.subarray(0, 2)), frameIsFree: isFree };
      },
    });
    const client = await RawClient.connect(port);
    for (let round = 0; round < 60; round++) {
      const request = Buffer.alloc(900_000 + round, round);
      request[0] = round % 3 === 0 ? 0 : 1;
      client.send(frame(request));
      expect((await client.readFrame())[0]).toBe(request[0]);
    }
    expect(new Set(seen.map(({ buffer }) => buffer)).size).toBeLessThan(60);
    for (const { request, copy } of kept) expect(request.equals(copy)).toBe(true);
  });

  test("comes in order and unharmed when many large requests are under way", async () => {
    const { port } = listen({
      handle: (request) => ({
        ...echo(Buffer.from([request.readUInt8(0), request.readUInt8(request.length - 1)])),
        frameIsFree: true,
      }),
    });
    const client = await RawClient.connect(port);
    const sizes = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0 ? 200 : 50_000 * (1 + (index % 9)),
    );
    client.send(Buffer.concat(sizes.map((size, index) => frame(Buffer.alloc(size, index)))));
    for (const index of sizes.keys()) expect([...(await client.readFrame())]).toEqual([index, index]);
  });
});
