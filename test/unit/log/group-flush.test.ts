import { describe, expect, test } from "bun:test";
import { GroupFlush } from "../../../src/log/group-flush.ts";
import { inParallel } from "../../../src/log/parallel.ts";

/** Flushes that end when they are told to. */
function flushes() {
  const running: { finish: () => void; fail: (error: Error) => void }[] = [];
  const run = () =>
    new Promise<void>((resolve, reject) => {
      running.push({ finish: resolve, fail: reject });
    });
  return { running, run };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a group flush", () => {
  test("lets all who come while it runs share the next one", async () => {
    const { running, run } = flushes();
    const group = new GroupFlush();
    const done: number[] = [];
    for (let waiter = 0; waiter < 5; waiter++) void group.request(run).then(() => done.push(waiter));
    expect(running.length).toBe(1);
    running[0]?.finish();
    await settle();
    expect(done).toEqual([0]);
    expect(running.length).toBe(2);
    running[1]?.finish();
    await settle();
    expect(done).toEqual([0, 1, 2, 3, 4]);
    expect(running.length).toBe(2);
  });

  test("tells those of a failed one, and goes on with the next", async () => {
    const { running, run } = flushes();
    const group = new GroupFlush();
    const first = group.request(run).then(
      () => "done",
      () => "failed",
    );
    const second = group.request(run).then(
      () => "done",
      () => "failed",
    );
    running[0]?.fail(new Error("EIO"));
    await settle();
    running[1]?.finish();
    expect(await Promise.all([first, second])).toEqual(["failed", "done"]);
  });

  test("that is asked for after the last one begins at once", async () => {
    const { running, run } = flushes();
    const group = new GroupFlush();
    void group.request(run);
    running[0]?.finish();
    await settle();
    void group.request(run);
    expect(running.length).toBe(2);
  });
});

describe("working in parallel", () => {
  test("keeps to the limit and does everything", async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++now);
      await settle();
      now--;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("does the rest before it tells of an error", async () => {
    const done: number[] = [];
    const work = inParallel([1, 2, 3], 1, async (item) => {
      if (item === 3) throw new Error("three");
      done.push(item);
    });
    expect(await work.catch((error: Error) => error.message)).toBe("three");
    expect(done.length).toBe(2);
  });
});
