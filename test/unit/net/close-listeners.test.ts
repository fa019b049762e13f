/**
 * Who is told that a connection closed.
 */
import { expect, test } from "bun:test";
import { CloseListeners } from "../../../src/net/close-listeners.ts";

test("calls each listener once, those that come too late at once, and none that was taken away", () => {
  const calls: string[] = [];
  const listeners = new CloseListeners(() => {});
  const twice = () => calls.push("twice");
  listeners.add(twice);
  listeners.add(twice);
  const remove = listeners.add(() => calls.push("removed"));
  remove();
  listeners.run();
  listeners.run();
  listeners.add(() => calls.push("late"));
  expect(calls).toEqual(["twice", "twice", "late"]);
});

test("calls the others when one fails", () => {
  const errors: unknown[] = [];
  const calls: string[] = [];
  const listeners = new CloseListeners((error) => errors.push(error));
  listeners.add(() => {
    throw "broken";
  });
  listeners.add(() => calls.push("second"));
  listeners.run();
  expect(errors).toEqual(["broken"]);
  expect(calls).toEqual(["second"]);
});
