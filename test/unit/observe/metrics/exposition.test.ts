/**
 * Prometheus's text format.
 */
import { expect, test } from "bun:test";
import { type Family, familyPieces, type Sample } from "../../../../src/observe/metrics/exposition.ts";

const familyLines = (family: Family) => [...familyPieces(family)].join("");

test("a family is its help, its type and a line a sample", () => {
  const samples: Sample[] = [
    { labels: {}, value: 3 },
    { labels: { topic: "a", partition: 0 }, value: 1.5 },
  ];

  expect(familyLines({ name: "x_total", help: "Things.", type: "counter", samples })).toBe(
    '# HELP x_total Things.\n# TYPE x_total counter\nx_total 3\nx_total{topic="a",partition="0"} 1.5\n',
  );
});

test("what would end a label or a line is escaped", () => {
  const samples = [{ labels: { path: 'C:\\data "1"\nnext' }, value: 1 }];

  expect(familyLines({ name: "x", help: "One\ntwo \\ three", type: "gauge", samples })).toBe(
    '# HELP x One\\ntwo \\\\ three\n# TYPE x gauge\nx{path="C:\\\\data \\"1\\"\\nnext"} 1\n',
  );
});

test("numbers that are none are written as Prometheus reads them", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21];
  const samples = values.map((value, at) => ({ labels: { at }, value }));
  const lines = familyLines({ name: "x", help: "h", type: "gauge", samples }).trim().split("\n").slice(2);

  expect(lines.map((line) => line.split(" ")[1] ?? "")).toEqual(["NaN", "+Inf", "-Inf", "1e+21"]);
});

test("a family without samples is left out", () => {
  expect(familyLines({ name: "x", help: "h", type: "gauge", samples: [] })).toBe("");
});

test("a family with many samples comes in pieces, with its help once", () => {
  const samples = Array.from({ length: 2500 }, (_, value) => ({ labels: {}, value }));
  const pieces = [...familyPieces({ name: "x", help: "h", type: "gauge", samples })];

  expect(pieces).toHaveLength(3);
  expect(pieces.map((piece) => piece.includes("# HELP"))).toEqual([true, false, false]);
  expect(pieces.join("").trim().split("\n")).toHaveLength(2502);
});
