import { describe, expect, test } from "bun:test";
import { AssignedPartition } from "../../../../src/client/consumer/assigned-partition.ts";
import { type AbortedTransaction, Fetched, offsetBehind } from "../../../../src/client/consumer/fetched.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { buildEndTransactionMarker } from "../../../../src/records/control.ts";
import { batchOf } from "../../../support/batches.ts";

function fetched(batches: readonly Buffer[], from = 0, aborted: readonly AbortedTransaction[] = []): Fetched {
  const partition = new AssignedPartition("t", ZERO_UUID, 3);
  return new Fetched(partition, Buffer.concat(batches), aborted, from, true);
}

function values(answer: Fetched): string[] {
  const found: string[] = [];
  for (const { at } of answer.records()) found.push(`${at.offset} ${at.value()}`);
  return found;
}

const transactional = (baseOffset: number, producerId: bigint, ...texts: string[]) =>
  batchOf(texts, { baseOffset, producerId, producerEpoch: 0, baseSequence: 0, transactional: true });
const marker = (baseOffset: number, producerId: bigint, result: "commit" | "abort") =>
  buildEndTransactionMarker({
    baseOffset,
    producerId,
    producerEpoch: 0,
    partitionLeaderEpoch: 0,
    timestamp: 1,
    result,
    coordinatorEpoch: 0,
  });

describe("records that were fetched", () => {
  test("begin with the one that was asked for", () => {
    const answer = fetched([batchOf(["a", "b", "c"]), batchOf(["d"], { baseOffset: 3 })], 1);
    expect(values(answer)).toEqual(["1 b", "2 c", "3 d"]);
    expect(answer.next).toBe(4);
  });

  test("say how far they were read", () => {
    const answer = fetched([batchOf(["a", "b", "c"])]);
    const reading = answer.records();
    expect(answer.next).toBe(0);
    reading.next();
    reading.next();
    expect(answer.next).toBe(2);
  });

  test("end with the last whole batch", () => {
    const batch = batchOf(["a", "b"]);
    const whole = fetched([batch, batchOf(["c"], { baseOffset: 2 }).subarray(0, 40)]);
    expect(values(whole)).toEqual(["0 a", "1 b"]);
    expect(offsetBehind(Buffer.concat([batch, batch.subarray(0, 11)]))).toBe(2);
    expect(offsetBehind(batch.subarray(0, 50))).toBeNull();
  });

  test("leave out what a transaction held that was aborted, and only that", () => {
    const batches = [
      transactional(0, 1n, "aborted"),
      transactional(1, 2n, "committed"),
      batchOf(["plain"], { baseOffset: 2 }),
      marker(3, 1n, "abort"),
      marker(4, 2n, "commit"),
      transactional(5, 1n, "later"),
    ];
    expect(values(fetched(batches, 0, [{ producerId: 1n, firstOffset: 0n }]))).toEqual([
      "1 committed",
      "2 plain",
      "5 later",
    ]);
  });

  test("leave out every mark of a broker's, and count it as read", () => {
    const answer = fetched([transactional(0, 1n, "a"), marker(1, 1n, "abort")]);
    expect(values(answer)).toEqual(["0 a"]);
    expect(answer.next).toBe(2);
  });

  test("are not given out from a damaged batch", () => {
    const damaged = batchOf(["b"], { baseOffset: 1 });
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const reading = fetched([batchOf(["a"]), damaged]).records();
    expect(reading.next().value?.at.offset).toBe(0);
    expect(() => reading.next()).toThrow("A batch of t-3 behind offset 1 is damaged.");
  });
});
