/**
 * Who waits when requests take more memory than they may.
 */
import { describe, expect, test } from "bun:test";
import { type MemoryHolder, RequestMemory } from "../../../src/net/request-memory.ts";
import { ManualClock } from "./support/manual-clock.ts";

class Holder implements MemoryHolder {
  receivedBytes = 0;
  isMidRequest = false;
  resumed = 0;
  closedFor: string | null = null;
  onResume: (() => void) | null = null;

  constructor(private readonly memory: () => RequestMemory) {}

  resumeAfterWait(): void {
    this.resumed++;
    this.onResume?.();
  }

  close(reason: string): void {
    this.closedFor = reason;
    this.memory().hold(this, 0);
  }
}

const MIB = 1024 * 1024;

function setUp(limit: number, count: number) {
  const clock = new ManualClock();
  const memory = new RequestMemory(() => limit, clock);
  const holders = Array.from({ length: count }, () => new Holder(() => memory));
  return { clock, memory, holders };
}

describe("RequestMemory", () => {
  test("lets everybody go on without a limit", () => {
    const { memory, holders } = setUp(-1, 3);
    for (const holder of holders) expect(memory.hold(holder, 1e9)).toBe(true);
  });

  test("has room up to the limit, and always without one", () => {
    const { memory, holders } = setUp(2 * MIB, 1);
    for (const holder of holders) memory.hold(holder, MIB);
    expect(memory.hasRoomFor(MIB)).toBe(true);
    expect(memory.hasRoomFor(MIB + 1)).toBe(false);
    expect(setUp(-1, 0).memory.hasRoomFor(1e12)).toBe(true);
  });

  test("lets one go on beyond the limit and the others wait in turn", () => {
    const { memory, holders } = setUp(2 * MIB, 4);
    const [a, b, c, d] = holders as [Holder, Holder, Holder, Holder];
    expect(memory.hold(a, MIB)).toBe(true);
    expect(memory.hold(b, 2 * MIB)).toBe(true);
    expect(memory.hold(c, MIB)).toBe(false);
    expect(memory.hold(d, MIB)).toBe(false);
    expect(memory.hold(b, 8 * MIB)).toBe(true);
    memory.hold(b, 0);
    expect([c.resumed, d.resumed]).toEqual([1, 0]);
    memory.hold(a, 0);
    expect([c.resumed, d.resumed]).toEqual([1, 1]);
    expect(memory.usedBytes).toBe(2 * MIB);
  });

  test("lets small requests pass when memory is full", () => {
    const { memory, holders } = setUp(MIB, 3);
    const [a, b, small] = holders as [Holder, Holder, Holder];
    memory.hold(a, 5 * MIB);
    expect(memory.hold(b, 5 * MIB)).toBe(false);
    expect(memory.hold(small, 2000)).toBe(true);
  });

  test("wakes all that fit when much is let go of at once", () => {
    const { memory, holders } = setUp(4 * MIB, 6);
    const [large, ...others] = holders as [Holder, ...Holder[]];
    memory.hold(large, 10 * MIB);
    for (const holder of others) expect(memory.hold(holder, 100_000)).toBe(false);
    memory.hold(large, 0);
    expect(others.map((holder) => holder.resumed)).toEqual([1, 1, 1, 1, 1]);
  });

  test("copes with holders that let go of their memory while they are woken", () => {
    const { memory, holders } = setUp(MIB, 50);
    const [first, ...others] = holders as [Holder, ...Holder[]];
    memory.hold(first, 5 * MIB);
    for (const holder of others) {
      holder.onResume = () => memory.hold(holder, 0);
      memory.hold(holder, MIB);
    }
    memory.hold(first, 0);
    expect(others.every((holder) => holder.resumed === 1)).toBe(true);
    expect(memory.usedBytes).toBe(0);
  });

  test("lets the next go on when the one beyond the limit cannot", () => {
    const { memory, holders } = setUp(MIB, 3);
    const [a, b, c] = holders as [Holder, Holder, Holder];
    memory.hold(a, 5 * MIB);
    memory.hold(b, MIB);
    memory.hold(c, MIB);
    memory.standAside(c);
    expect(b.resumed).toBe(0);
    memory.standAside(a);
    expect([b.resumed, c.resumed]).toEqual([1, 0]);
    expect(memory.hold(a, 6 * MIB)).toBe(false);
    memory.hold(b, 0);
    expect([c.resumed, a.resumed]).toEqual([1, 0]);
    memory.hold(c, 0);
    expect(a.resumed).toBe(1);
  });

  test("leaves a stalled request alone that holds little", () => {
    const { clock, memory, holders } = setUp(MIB, 3);
    const [little, full, waiting] = holders as [Holder, Holder, Holder];
    little.isMidRequest = true;
    memory.hold(little, 5000);
    memory.hold(full, 5 * MIB);
    memory.hold(waiting, MIB);
    clock.advance(60_000);
    expect(little.closedFor).toBeNull();
  });

  test("closes who holds part of a request and sends hardly any more of it, while others wait", () => {
    const { clock, memory, holders } = setUp(MIB, 3);
    const [stalled, steady, waiting] = holders as [Holder, Holder, Holder];
    stalled.isMidRequest = true;
    steady.isMidRequest = true;
    memory.hold(steady, 100_000);
    memory.hold(stalled, 5 * MIB);
    expect(memory.hold(waiting, MIB)).toBe(false);
    clock.advance(5000);
    expect(stalled.closedFor).toBeNull();
    steady.receivedBytes += 200_000;
    stalled.receivedBytes += 10;
    clock.advance(5000);
    expect(stalled.closedFor).toContain("sent 10 bytes of an unfinished request");
    expect(steady.closedFor).toBeNull();
    expect(waiting.resumed).toBe(1);
  });

  test("looks for stalled requests only while somebody waits", () => {
    const { clock, memory, holders } = setUp(MIB, 2);
    const [a, b] = holders as [Holder, Holder];
    memory.hold(a, 5 * MIB);
    expect(clock.pending).toBe(0);
    memory.hold(b, MIB);
    expect(clock.pending).toBe(1);
    memory.hold(b, 0);
    clock.advance(5000);
    expect(clock.pending).toBe(0);
  });
});
