import { describe, expect, test } from "bun:test";
import type { ProducerBatch } from "../../../../src/client/producer/batch.ts";
import { PartitionQueue } from "../../../../src/client/producer/partition-queue.ts";

const BATCH_SIZE = 200;
const record = { timestamp: 1, key: null, value: Buffer.alloc(60) };

/** A queue with so many batches of two records each, all closed. */
function queueWith(batches: number): PartitionQueue {
  const queue = new PartitionQueue("t", 0, BATCH_SIZE);
  for (let count = 0; count < batches * 2; count++) queue.append(record, undefined, 0);
  queue.closeBatch();
  return queue;
}

function taken(queue: PartitionQueue): ProducerBatch {
  const batch = queue.take(true);
  if (batch === undefined) throw new Error("there is no batch to take");
  return batch;
}

describe("the queue of a partition", () => {
  test("says that a batch begins with the first record, and with the one for which there was no room", () => {
    const queue = new PartitionQueue("t", 0, BATCH_SIZE);
    expect([1, 2, 3].map(() => queue.append(record, undefined, 0))).toEqual([true, false, true]);
  });

  test("numbers batches by their records as they are sent", () => {
    const queue = queueWith(3);
    expect([taken(queue), taken(queue), taken(queue)].map(({ sequence }) => sequence)).toEqual([0, 2, 4]);
  });

  test("doesn't number batches of a producer without an id", () => {
    expect(queueWith(1).take(false)?.sequence).toBeNull();
  });

  test("takes batches back to their places, with their numbers, whatever order they come back in", () => {
    const queue = queueWith(3);
    const [first, second] = [taken(queue), taken(queue)];
    queue.takeBack(second, 10);
    queue.takeBack(first, 10);
    expect(queue.sendable(10)).toBe(first);
    expect([taken(queue), taken(queue), taken(queue)].map(({ sequence }) => sequence)).toEqual([0, 2, 4]);
  });

  test("sends nothing after a failure until everything is back and the time has come", () => {
    const queue = queueWith(3);
    const [first, second] = [taken(queue), taken(queue)];
    queue.takeBack(first, 10);
    expect(queue.sendable(20)).toBeUndefined();
    queue.finish(second);
    expect(queue.sendable(9)).toBeUndefined();
    expect(queue.sendable(10)).toBe(first);
  });

  test("knows whether a batch is the first that isn't settled", () => {
    const queue = queueWith(2);
    const [first, second] = [taken(queue), taken(queue)];
    expect([queue.isFirst(first), queue.isFirst(second)]).toEqual([true, false]);
    queue.finish(first);
    expect(queue.isFirst(second)).toBe(true);
  });

  test("numbers what waits anew for a producer with a new id", () => {
    const queue = queueWith(2);
    taken(queue);
    queue.takeBack(taken(queue), 0);
    queue.restartSequence();
    expect(taken(queue).sequence).toBe(0);
  });

  test("closes a batch that has lingered, and no sooner", () => {
    const queue = new PartitionQueue("t", 0, BATCH_SIZE);
    queue.append(record, undefined, 100);
    expect(queue.dueMs(5)).toBe(105);
    queue.closeLingering(104, 5);
    expect(queue.sendable(104)).toBeUndefined();
    queue.closeLingering(105, 5);
    expect(queue.sendable(105)).toBeDefined();
  });
});
