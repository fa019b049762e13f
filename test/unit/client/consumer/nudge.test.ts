import { expect, test } from "bun:test";
import { Nudge } from "../../../../src/client/consumer/nudge.ts";

test("a wait without an end ends when it is nudged", async () => {
  const nudge = new Nudge();
  const waiting = nudge.wait(Number.POSITIVE_INFINITY);
  nudge.now();
  await waiting;
});

test("a nudge that comes before the wait ends it, once", async () => {
  const nudge = new Nudge();
  nudge.now();
  await nudge.wait(Number.POSITIVE_INFINITY);
  let hasEnded = false;
  const waiting = nudge.wait(Number.POSITIVE_INFINITY).then(() => {
    hasEnded = true;
  });
  await Promise.resolve();
  expect(hasEnded).toBe(false);
  nudge.now();
  await waiting;
});
