import { expect, test } from "bun:test";
import { InOrder } from "../../../src/transaction/in-order.ts";

test("Where nobody waits, nothing is put off", () => {
  const order = new InOrder();
  expect(order.run("a", () => 1)).toBe(1);
  expect(order.run("a", () => 2)).toBe(2);
});

test("What comes later under the same key waits for what came before, and only for that", async () => {
  const order = new InOrder();
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = order.run("a", () => promise.then(() => void done.push("first")));
  const second = order.run("a", () => void done.push("second"));
  order.run("b", () => void done.push("other"));
  expect(done).toEqual(["other"]);
  resolve();
  await Promise.all([first, second]);
  expect(done).toEqual(["other", "first", "second"]);
  expect(order.run("a", () => 3)).toBe(3);
});

test("What fails holds up nobody", async () => {
  const order = new InOrder();
  const first = order.run("a", () => Promise.reject(new Error("first")));
  const second = order.run("a", () => "second");
  await expect(first).rejects.toThrow("first");
  expect(await second).toBe("second");
});
