/**
 * Many clients at once that send, pause, and go away as chance has it, and handlers that answer in every way there is.
 */
import { expect, test } from "bun:test";
import type { Reply } from "../../../src/net/reply.ts";
import { frame, lengthPrefix, RawClient } from "./support/raw-client.ts";
import { testListener, turns } from "./support/test-listener.ts";

/** Numbers from 0 up to and without `below`, the same ones for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SIZES = [0, 7, 300, 20_000, 150_000];

/** The reply to request `text`: its text, then a filling whose size follows from it. */
function expectedBody(text: string): Buffer {
  const size = SIZES[Number(text.split(":")[1]) % SIZES.length] ?? 0;
  return Buffer.concat([Buffer.from(text), Buffer.alloc(size, text.at(-1))]);
}

test("every reply is right, in order, and released once, whatever clients and handlers do", async () => {
  const random = randomNumbers(20_240_917);
  const releases: number[] = [];
  const made = (reply: Omit<Reply, "release">): Reply => {
    const index = releases.push(0) - 1;
    return { ...reply, release: () => releases.splice(index, 1, (releases[index] ?? 0) + 1) };
  };
  const replyTo = (body: Buffer): Reply => {
    if (random(3) > 0) return made({ buffers: [lengthPrefix(body.length), body] });
    let at = 0;
    const next = () => {
      const start = at;
      at += 1 + random(40_000);
      return start < body.length ? body.subarray(start, at) : null;
    };
    return made({ buffers: [lengthPrefix(body.length)], more: { sizeInBytes: body.length, next } });
  };
  const listener = testListener({
    limits: { maxInFlightRequests: 20, maxUnsentReplyBytes: 200_000, queuedMaxRequestBytes: 100_000 },
    handle: (request) => {
      const text = request.toString("latin1").trimEnd();
      if (text.startsWith("silent")) return random(2) === 0 ? null : Promise.resolve(null);
      const body = expectedBody(text);
      if (random(2) === 0) return replyTo(body);
      return turns(random(6)).then(() => replyTo(body));
    },
  });

  const runClient = async (name: number): Promise<void> => {
    const client = await RawClient.connect(listener.port);
    const texts = Array.from(
      { length: 1 + random(60) },
      (_, index) => `${random(8) === 0 ? "silent" : name}:${index}`,
    );
    const requests = texts.map((text) => frame(text.padEnd(text.length + (random(10) === 0 ? 30_000 : 0))));
    const bytes = Buffer.concat(requests);
    const leavesEarly = random(4) === 0;
    for (let at = 0, piece = 0; at < bytes.length; at += piece) {
      piece = 1 + random(random(2) === 0 ? 50 : 50_000);
      client.send(bytes.subarray(at, at + piece));
      if (random(4) === 0) await turns(1);
      if (leavesEarly && random(10) === 0) return client.close();
      if (random(8) === 0) client.pause();
      else client.resume();
    }
    client.resume();
    if (leavesEarly) return client.close();
    for (const text of texts.filter((one) => !one.startsWith("silent"))) {
      const reply = await client.readFrame();
      if (!reply.equals(expectedBody(text))) expect(reply.toString("latin1", 0, 50)).toBe(text);
    }
    client.close();
  };

  await Promise.all(Array.from({ length: 150 }, (_, name) => runClient(name)));
  await listener.close(60_000);
  await turns(20);
  expect(releases.length).toBeGreaterThan(1000);
  expect(releases.filter((times) => times !== 1)).toEqual([]);
});
