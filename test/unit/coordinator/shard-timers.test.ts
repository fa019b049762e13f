import { expect, test } from "bun:test";
import { ShardTimers } from "../../../src/coordinator/shard-timers.ts";
import { mortalClock } from "../../support/mortal-clock.ts";
import { ManualClock } from "../net/support/manual-clock.ts";

function bench(run: (key: string) => boolean = () => true) {
  const clock = new ManualClock();
  const fired: string[] = [];
  const timers = new ShardTimers<never>(clock, (key, expire) => {
    expire(clock.now());
    fired.push(key);
    return run(key);
  });
  const nothing = () => ({ records: [], reply: undefined });
  return { clock, fired, timers, nothing };
}

test("A timer runs once at its time, and is none while it runs", () => {
  const { clock, fired, timers, nothing } = bench();
  let wasSet: boolean | undefined;
  timers.set("a", 100, () => {
    wasSet = timers.has("a");
    return nothing();
  });
  expect(timers.has("a")).toBe(true);
  clock.advance(99);
  expect(fired).toEqual([]);
  clock.advance(1000);
  expect(fired).toEqual(["a"]);
  expect(wasSet).toBe(false);
});

test("Setting a timer again takes the place of the first", () => {
  const { clock, fired, timers, nothing } = bench();
  timers.set("a", 100, nothing);
  clock.advance(60);
  timers.set("a", 100, nothing);
  clock.advance(60);
  expect(fired).toEqual([]);
  clock.advance(40);
  expect(fired).toEqual(["a"]);
});

test("A timer that is put off again and again runs once, with what was set last", () => {
  const { clock, fired, timers, nothing } = bench();
  const by: number[] = [];
  for (let time = 0; time < 50; time++) {
    timers.set("a", 100, () => {
      by.push(time);
      return nothing();
    });
    clock.advance(30);
  }
  expect([fired, clock.pending]).toEqual([[], 1]);
  clock.advance(69);
  expect(fired).toEqual([]);
  clock.advance(1000);
  expect([fired, by, clock.pending]).toEqual([["a"], [49], 0]);
});

test("A timer comes when it is due by the monotonic clock, wherever the wall clock is set meanwhile", () => {
  const { clock, fired, nothing } = bench();
  let wallMs = clock.now();
  const run = (key: string) => fired.push(key) > 0;
  const timers = new ShardTimers<never>({ ...mortalClock(clock, () => true), now: () => wallMs }, run);
  for (const jumpMs of [86_400_000, -172_800_000]) {
    fired.length = 0;
    timers.set("a", 100, nothing);
    clock.advance(50);
    timers.set("a", 100, nothing);
    wallMs += jumpMs;
    clock.advance(99);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(["a"]);
  }
});

test("A timer that is set to an earlier time runs then, and not again", () => {
  const { clock, fired, timers, nothing } = bench();
  timers.set("a", 1000, nothing);
  timers.set("a", 10, nothing);
  expect(clock.pending).toBe(1);
  clock.advance(10);
  expect(fired).toEqual(["a"]);
  clock.advance(2000);
  expect(fired).toEqual(["a"]);
});

test("A timer that is called off doesn't run, nor do any after they have been cleared", () => {
  const { clock, fired, timers, nothing } = bench();
  timers.set("a", 10, nothing);
  timers.set("b", 10, nothing);
  timers.cancel("a");
  timers.clear();
  clock.advance(1000);
  expect(fired).toEqual([]);
  expect(clock.pending).toBe(0);
});

test("A timer that sets itself anew while it runs stays set", () => {
  const { clock, fired, timers, nothing } = bench();
  const again = () => {
    if (fired.length < 2) timers.set("a", 10, again);
    return nothing();
  };
  timers.set("a", 10, again);
  clock.advance(100);
  expect(fired).toEqual(["a", "a", "a"]);
});

test("A delay longer than the machine's timers take is waited for in full", () => {
  const { clock, fired, timers, nothing } = bench();
  const delayMs = 3 * 2 ** 31;
  timers.set("a", delayMs, nothing);
  clock.advance(delayMs - 1);
  expect(fired).toEqual([]);
  expect(timers.has("a")).toBe(true);
  clock.advance(1);
  expect(fired).toEqual(["a"]);
});

test("What fails is tried again half a second later", () => {
  let tries = 0;
  const { clock, fired, timers, nothing } = bench(() => ++tries === 3);
  timers.set("a", 10, nothing);
  clock.advance(10 + 499);
  expect(fired).toHaveLength(1);
  clock.advance(1 + 500);
  expect(fired).toHaveLength(3);
  clock.advance(5000);
  expect(fired).toHaveLength(3);
});
