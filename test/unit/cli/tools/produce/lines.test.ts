import { describe, expect, test } from "bun:test";
import { LineSplitter } from "../../../../../src/cli/tools/produce/lines.ts";

/** The lines of a text that arrives in these pieces. */
function lines(...pieces: readonly string[]): string[] {
  const splitter = new LineSplitter();
  const found = pieces.flatMap((piece) => splitter.push(Buffer.from(piece)).map(String));
  const last = splitter.end();
  return last === null ? found : [...found, String(last)];
}

describe("lines", () => {
  test("end with a line feed, a carriage return or both", () => {
    expect(lines("a\nb\rc\r\nd")).toEqual(["a", "b", "c", "d"]);
  });

  test("may be empty", () => {
    expect(lines("\n\n\r\n\r")).toEqual(["", "", "", ""]);
  });

  test("come in pieces", () => {
    expect(lines("o", "n", "e\ntw", "o\n", "three")).toEqual(["one", "two", "three"]);
  });

  test("are not two where a carriage return and its line feed come apart", () => {
    expect(lines("a\r", "\nb\r", "c")).toEqual(["a", "b", "c"]);
  });

  test("are none where there is nothing, and need no end", () => {
    expect(lines("")).toEqual([]);
    expect(lines("a\n")).toEqual(["a"]);
  });

  test("keep bytes that are no text", () => {
    expect(new LineSplitter().push(Buffer.from([0xff, 0x00, 0x0a]))).toEqual([Buffer.from([0xff, 0x00])]);
  });
});
