import { describe, expect, test } from "bun:test";
import { attributes, isControl, isTransactional } from "../../../src/records/batch-header.ts";
import {
  buildControlBatch,
  buildEndTransactionMarker,
  ControlRecordType,
  controlRecordKey,
  controlRecordType,
  coordinatorEpochOf,
} from "../../../src/records/control.ts";
import { readRecords } from "../../../src/records/record.ts";
import { batchFixture } from "./fixtures.ts";

describe("control records", () => {
  test.each(["commit", "abort"] as const)("end a transaction as Kafka does: %s", (result) => {
    const fixture = batchFixture(`control-${result}`);
    const built = buildEndTransactionMarker({
      baseOffset: fixture.baseOffset,
      partitionLeaderEpoch: fixture.partitionLeaderEpoch,
      timestamp: fixture.maxTimestamp,
      producerId: BigInt(fixture.producerId),
      producerEpoch: fixture.producerEpoch,
      result,
      coordinatorEpoch: 9,
    });
    expect(built.toString("hex")).toBe(fixture.bytes.toString("hex"));
    const [record] = readRecords(built, 0);
    expect(controlRecordType(record?.key ?? null)).toBe(ControlRecordType[result]);
    expect(coordinatorEpochOf(record?.value ?? null)).toBe(9);
  });

  test("of the metadata log are no part of a transaction", () => {
    const value = Buffer.from([0, 0]);
    const built = buildControlBatch({
      baseOffset: 0,
      partitionLeaderEpoch: 1,
      type: ControlRecordType.leaderChange,
      timestamp: 5,
      value,
    });
    expect(isControl(attributes(built, 0))).toBe(true);
    expect(isTransactional(attributes(built, 0))).toBe(false);
    const records = [...readRecords(built, 0)];
    expect(records.map((record) => [record.key?.toString("hex"), record.value])).toEqual([
      ["00000002", value],
    ]);
  });

  test("may have a type of the future, or none", () => {
    const key = controlRecordKey(ControlRecordType.abort);
    key.writeInt16BE(300, 2);
    expect(controlRecordType(key)).toBe(300);
    key.writeInt16BE(-2, 2);
    expect(controlRecordType(key)).toBe(-2);
    expect(controlRecordType(null)).toBe(-1);
    expect(controlRecordType(Buffer.from([0, 0]))).toBe(-1);
    expect(coordinatorEpochOf(null)).toBe(-1);
    expect(coordinatorEpochOf(Buffer.from([0, 0]))).toBe(-1);
  });
});
