import { describe, expect, test } from "bun:test";
import { LineReader } from "../../../../../src/cli/tools/produce/line-reader.ts";

/** What becomes of lines, with text for bytes. */
function read(properties: Readonly<Record<string, string>>, ...lines: readonly string[]) {
  const reader = new LineReader("t", new Map(Object.entries(properties)));
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : String(bytes));
  return lines.map((line) => {
    const { key, value, headers } = reader.read(Buffer.from(line));
    const pairs = headers?.map((header) => [header.key, text(header.value)]);
    return { key: text(key), value: text(value), ...(pairs && { headers: pairs }) };
  });
}

describe("the line reader", () => {
  test("takes a line for a value", () => {
    expect(read({}, "a\tb", "")).toEqual([
      { key: null, value: "a\tb" },
      { key: null, value: "" },
    ]);
  });

  test("splits the key off, at the first separator", () => {
    expect(read({ "parse.key": "true" }, "k\tv\tw")).toEqual([{ key: "k", value: "v\tw" }]);
    expect(read({ "parse.key": "TRUE ", "key.separator": "::" }, "k::v")).toEqual([{ key: "k", value: "v" }]);
  });

  test("splits the headers off, and the key behind them", () => {
    expect(read({ "parse.headers": "true", "parse.key": "true" }, "h1:v1,h2:v2\tk\tv")).toEqual([
      {
        key: "k",
        value: "v",
        headers: [
          ["h1", "v1"],
          ["h2", "v2"],
        ],
      },
    ]);
  });

  test("takes a regular expression for the headers' separator, and leaves out what is empty at the end", () => {
    const properties = { "parse.headers": "true", "headers.separator": "[;,]" };
    expect(read(properties, "a:1;b:2,,\tv")[0]?.headers).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  test("makes null of what is equal to the marker: key, value, headers and a header's value", () => {
    const properties = { "parse.headers": "true", "parse.key": "true", "null.marker": "NULL" };
    expect(read(properties, "h:NULL\tNULL\tNULL", "NULL\tk\tv")).toEqual([
      { key: null, value: null, headers: [["h", null]] },
      { key: "k", value: "v" },
    ]);
  });

  test("keeps bytes that are no text", () => {
    const reader = new LineReader("t", new Map([["parse.key", "true"]]));
    const { key, value } = reader.read(Buffer.from([0xff, 0x09, 0xfe]));
    expect([key, value]).toEqual([Buffer.from([0xff]), Buffer.from([0xfe])]);
  });

  test("says which line lacks a separator", () => {
    const properties = { "parse.key": "true" };
    expect(() => read(properties, "k\tv", "nothing")).toThrow(
      "No key separator found on line number 2: 'nothing'",
    );
    expect(() => read({ "parse.headers": "true" }, "nothing")).toThrow(
      "No headers delimiter found on line number 1: 'nothing'",
    );
    expect(() => read({ "parse.headers": "true" }, "h\tv")).toThrow(
      "No header key separator found in pair 'h' on line number 1",
    );
    expect(() => read({ "parse.headers": "true", "null.marker": "N" }, "N:v\tv")).toThrow(
      "Header keys should not be equal to the null marker 'N'",
    );
  });

  test("makes the best of it with ignore.error", () => {
    const properties = { "ignore.error": "true", "parse.key": "true", "parse.headers": "true" };
    expect(read(properties, "nothing", "h\tk\tv")).toEqual([
      { key: null, value: "nothing" },
      { key: "k", value: "v", headers: [["h", null]] },
    ]);
  });

  test.each([
    [{ "headers.delimiter": "," }, "headers.delimiter and headers.separator may not be equal"],
    [{ "headers.separator": ":" }, "headers.separator and headers.key.separator may not be equal"],
    [{ "null.marker": "\t" }, "null.marker and key.separator may not be equal"],
    [{ "null.marker": ":" }, "null.marker and headers.key.separator may not be equal"],
  ])("refuses %j", (properties, message) => {
    expect(() => read(properties)).toThrow(message);
  });
});
