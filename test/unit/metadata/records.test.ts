/** The frame of metadata records, and what is refused in it. */
import { expect, test } from "bun:test";
import { decodeRecord, encodeRecord, UnknownRecordError } from "../../../src/metadata/records.ts";
import { MalformedError } from "../../../src/protocol/malformed.ts";
import { bytesOf } from "../../support/hand-made-bytes.ts";
import { partition, TOPIC_ID, topic } from "./support.ts";

const TOPIC_HEX = Buffer.from(TOPIC_ID, "base64url").toString("hex");

test("a record stands behind frame version, type and version", () => {
  const frame = encodeRecord(topic("demo", TOPIC_ID));

  expect(Buffer.from(frame).toString("hex")).toBe(`0102000564656d6f${TOPIC_HEX}00`);
  expect(decodeRecord(frame)).toEqual({
    name: "TopicRecord",
    version: 0,
    message: { name: "demo", topicId: TOPIC_ID },
  });
});

test("tagged fields that nobody knows survive reading and writing", () => {
  const frame = bytesOf("010200", "0564656d6f", TOPIC_HEX, "01", "07", "03", "aabbcc");

  const record = decodeRecord(frame);

  expect(encodeRecord(record)).toEqual(frame);
});

test("a version that lacks a field is written without it", () => {
  const old = { ...partition(TOPIC_ID, 3), version: 0 };

  const read = decodeRecord(encodeRecord(old));

  expect(read.name === "PartitionRecord" && read.message.directories).toEqual([]);
});

test.each([
  ["020200", "the record's frame has version 2"],
  ["016300", "records of type 99 are not known"],
  ["010601", "records of type 6 are not known"],
  ["010201", "TopicRecord has version 1, and only 0 to 0 are known"],
  ["01030a", "PartitionRecord has version 10, and only 0 to 2 are known"],
])("the frame %s is of a newer Kafka", (hex, message) => {
  expect(() => decodeRecord(bytesOf(hex))).toThrow(UnknownRecordError);
  expect(() => decodeRecord(bytesOf(hex))).toThrow(message);
});

test.each(["", "01", "0102", "010200", "01020005", "01180000ff", "ffffffffff"])(
  "the bytes '%s' are no record",
  (hex) => {
    expect(() => decodeRecord(bytesOf(hex))).toThrow(MalformedError);
  },
);
