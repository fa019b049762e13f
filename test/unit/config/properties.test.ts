import { describe, expect, test } from "bun:test";
import { PropertiesError, parseProperties } from "../../../src/config/properties.ts";

const read = (text: string) => parseProperties(text).map(({ key, value }) => [key, value]);

describe("a properties file", () => {
  test("has an entry a line, with `=`, `:` or a blank between key and value", () => {
    expect(read("a=1\nb: 2\nc 3\nd = 4\ne\t:\t5\nf")).toEqual([
      ["a", "1"],
      ["b", "2"],
      ["c", "3"],
      ["d", "4"],
      ["e", "5"],
      ["f", ""],
    ]);
  });

  test("keeps later separators and blanks at the end as part of the value", () => {
    expect(read("a=b=c: d  \nb == 1\nc = : 2")).toEqual([
      ["a", "b=c: d  "],
      ["b", "= 1"],
      ["c", ": 2"],
    ]);
  });

  test("has comments with # and !, also behind blanks, but not behind a value", () => {
    expect(read("# a=1\n  ! b=2\nc=3 # three\n\n   \n")).toEqual([["c", "3 # three"]]);
  });

  test("goes on in the next line after an odd number of backslashes, without the blanks it begins with", () => {
    expect(read("a=1,\\\n   2,\\\n\t3\nb=c\\\\\nd=e")).toEqual([
      ["a", "1,2,3"],
      ["b", "c\\"],
      ["d", "e"],
    ]);
  });

  test("may end within an entry", () => {
    expect(read("a=1\\")).toEqual([["a", "1"]]);
    expect(read("a=1\\\n")).toEqual([["a", "1"]]);
  });

  test("takes a comment sign in a continued line for part of the value", () => {
    expect(read("a=1\\\n#2")).toEqual([["a", "1#2"]]);
  });

  test("knows the escapes of Java", () => {
    expect(read("a\\ b\\=c\\:d=x\\ty\\nz\\u00e9\\q\\\\")).toEqual([["a b=c:d", "x\ty\nzéq\\"]]);
  });

  test("ends its lines with any of the three line ends", () => {
    expect(parseProperties("a=1\r\nb=2\rc=3\n").map(({ key, line }) => [key, line])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
  });

  test("tells the line on which each entry begins, and keeps entries of the same key", () => {
    expect(parseProperties("# x\na=1\\\n  2\n\na=3")).toEqual([
      { key: "a", value: "12", line: 2 },
      { key: "a", value: "3", line: 5 },
    ]);
  });

  test("is refused with the line of a broken unicode escape", () => {
    expect(() => parseProperties("a=1\nb=\\u12x4")).toThrow(PropertiesError);
    expect(() => parseProperties("a=1\nb=\\u12x4")).toThrow("four hexadecimal digits");
  });
});
