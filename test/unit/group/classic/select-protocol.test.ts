import { expect, test } from "bun:test";
import { selectProtocol } from "../../../../src/group/classic/select-protocol.ts";

const voter = (...names: string[]) => ({
  protocols: names.map((name) => ({ name, metadata: Buffer.alloc(0) })),
});

test("each member votes for the first of its protocols that all have, and the most votes win", () => {
  expect(selectProtocol([voter("a", "b"), voter("c", "b", "a"), voter("b", "a")])).toBe("b");
});

test("a protocol that one member lacks is no choice", () => {
  expect(selectProtocol([voter("a", "b"), voter("a", "b"), voter("b")])).toBe("b");
});

test("of two with as many votes the one that was voted for first wins", () => {
  expect(selectProtocol([voter("a", "b"), voter("b", "a")])).toBe("a");
});

test("without a common protocol there is no choice", () => {
  expect(() => selectProtocol([voter("a"), voter("b")])).toThrow();
  expect(() => selectProtocol([])).toThrow();
});
