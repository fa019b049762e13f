import { expect, test } from "bun:test";
import { ProducerIds } from "../../../src/api/producer-ids.ts";

test("Producer ids follow one another through blocks, and a block is asked for when it is needed", () => {
  const blocks = [
    { firstProducerId: 1000n, count: 2 },
    { firstProducerId: 5000n, count: 1 },
  ];
  const ids = new ProducerIds(() => {
    const block = blocks.shift();
    if (block === undefined) throw new Error("no more");
    return block;
  });
  expect(blocks).toHaveLength(2);
  expect([ids.take(), ids.take()]).toEqual([1000n, 1001n]);
  expect(blocks).toHaveLength(1);
  expect(ids.take()).toBe(5000n);
  expect(() => ids.take()).toThrow("no more");
});
