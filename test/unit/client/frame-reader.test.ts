import { expect, test } from "bun:test";
import { FrameReader } from "../../../src/client/frame-reader.ts";

const frame = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const textOf = (frames: readonly Buffer[]) => frames.map(String);

test("frames that come together are told apart", () => {
  const reader = new FrameReader(100);
  expect(textOf(reader.push(Buffer.concat([frame("first"), frame("second")])))).toEqual(["first", "second"]);
});

test("a frame that comes byte by byte is whole with its last one", () => {
  const reader = new FrameReader(100);
  const bytes = frame("in pieces");
  const found = [...bytes].flatMap((byte) => textOf(reader.push(Buffer.from([byte]))));
  expect(found).toEqual(["in pieces"]);
});

test("a frame's end and the next one's beginning may come together", () => {
  const reader = new FrameReader(100);
  const bytes = Buffer.concat([frame("first"), frame("second")]);
  expect(textOf(reader.push(bytes.subarray(0, 7)))).toEqual([]);
  expect(textOf(reader.push(bytes.subarray(7, 11)))).toEqual(["first"]);
  expect(textOf(reader.push(bytes.subarray(11)))).toEqual(["second"]);
});

test.each([-1, 0, 3, 101])("a frame of %d bytes is none of Kafka's", (size) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(size);
  expect(() => new FrameReader(100).push(length)).toThrow(RangeError);
});
