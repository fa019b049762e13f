/**
 * Memory of frames, used again.
 */
import { describe, expect, test } from "bun:test";
import { FramePool } from "../../../src/net/frame-pool.ts";

describe("FramePool", () => {
  test("gives memory again that was given back, also as a view", () => {
    const pool = new FramePool();
    const first = pool.take(100_000);
    pool.give(first.subarray(0, 100_000));

    const second = pool.take(120_000);

    expect(second.buffer === first.buffer).toBe(true);
    expect(second.length).toBeGreaterThanOrEqual(120_000);
  });

  test("gives nobody memory that another still has", () => {
    const pool = new FramePool();
    const first = pool.take(100_000);
    pool.give(first);
    pool.give(first);

    const [second, third] = [pool.take(100_000), pool.take(100_000)];
    expect(second.buffer === third.buffer).toBe(false);
  });

  test("takes no memory that is not its own, whatever its size", () => {
    const pool = new FramePool();
    const foreign = Buffer.allocUnsafeSlow(pool.take(100_000).length);
    pool.give(foreign);

    expect(pool.take(100_000).buffer === foreign.buffer).toBe(false);
  });

  test("gives small and huge frames memory of just their size, and keeps none of it", () => {
    const pool = new FramePool();
    for (const size of [0, 1, 1000, 5_000_000]) {
      const frame = pool.take(size);
      pool.give(frame);
      expect(frame.length).toBe(size);
      if (size > 0) expect(pool.take(size).buffer === frame.buffer).toBe(false);
    }
  });

  test("keeps no more than a few megabytes", () => {
    const pool = new FramePool();
    const frames = Array.from({ length: 100 }, () => pool.take(500_000));
    for (const frame of frames) pool.give(frame);
    const memory = new Set(frames.map(({ buffer }) => buffer));

    const kept = frames.map(() => pool.take(500_000)).filter(({ buffer }) => memory.has(buffer));

    expect(kept.length).toBeGreaterThan(0);
    expect(kept.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});
