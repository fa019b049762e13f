import { expect, test } from "bun:test";
import { GroupBench } from "./support/bench.ts";
import { join, joinWithId, leave, replyOf, SESSION_MS } from "./support/requests.ts";

test("the first generation of one member begins after the delay", () => {
  const bench = new GroupBench();
  const { answer } = joinWithId(bench);
  bench.clock.advance(2_999);
  expect(answer.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(answer).generationId).toBe(1);
});

test("with a delay of 0 it begins at once", () => {
  const bench = new GroupBench();
  bench.config.groupInitialRebalanceDelayMs = 0;
  const { answer } = joinWithId(bench);
  bench.clock.advance(0);
  expect(replyOf(answer).generationId).toBe(1);
});

test("another member extends the delay by as much, for one generation with both", () => {
  const bench = new GroupBench();
  const first = joinWithId(bench);
  bench.clock.advance(2_900);
  const second = joinWithId(bench);
  bench.clock.advance(3_099);
  expect(first.answer.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(first.answer).members).toHaveLength(2);
  expect(replyOf(second.answer).generationId).toBe(1);
});

test("the delay isn't extended beyond the rebalance timeout", () => {
  const bench = new GroupBench();
  const first = joinWithId(bench, { rebalanceTimeoutMs: 7_000 });
  for (let i = 0; i < 3; i++) {
    bench.clock.advance(2_000);
    joinWithId(bench, { rebalanceTimeoutMs: 7_000 });
  }
  bench.clock.advance(999);
  expect(first.answer.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(first.answer).members).toHaveLength(4);
});

test("a member that leaves doesn't shorten the delay", () => {
  const bench = new GroupBench();
  const first = joinWithId(bench);
  const second = joinWithId(bench);
  leave(bench, { memberId: second.memberId });
  bench.clock.advance(2_999);
  expect(first.answer.value).toBeUndefined();
});

test("a group that everybody has left during the delay becomes empty", () => {
  const bench = new GroupBench();
  const { memberId } = joinWithId(bench);
  leave(bench, { memberId });
  bench.clock.advance(3_000);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 1 });
});

test("a member id that expires unused ends the delay where everybody else has joined", () => {
  const bench = new GroupBench();
  bench.config.groupInitialRebalanceDelayMs = 20_000;
  join(bench);
  const { answer } = joinWithId(bench);
  bench.clock.advance(SESSION_MS);
  expect(replyOf(answer).generationId).toBe(1);
});

test("an empty group is given the delay again", () => {
  const bench = new GroupBench();
  const { memberId } = joinWithId(bench);
  bench.clock.advance(3_000);
  leave(bench, { memberId });
  const { answer } = joinWithId(bench);
  bench.clock.advance(2_999);
  expect(answer.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(answer).generationId).toBe(3);
});
