/** Control records: what a broker itself writes among the records, in batches of one. */
import { buildBatch, type NewBatch } from "./builder.ts";

/** The type in a control record's key. */
export const ControlRecordType = {
  abort: 0,
  commit: 1,
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kraftVersion: 5,
  kraftVoters: 6,
} as const;
export type ControlRecordType = (typeof ControlRecordType)[keyof typeof ControlRecordType];

const KEY_SIZE = 4;
const KEY_VERSION = 0;
const END_TRANSACTION_MARKER_VERSION = 0;

/** The key of a control record: version 0 and the type, int16 each. */
export function controlRecordKey(type: ControlRecordType): Buffer {
  const key = Buffer.alloc(KEY_SIZE);
  key.writeInt16BE(KEY_VERSION, 0);
  key.writeInt16BE(type, 2);
  return key;
}

/** The type in the key of a control record: a number that may be newer than `ControlRecordType`; −1 if it has none. */
export function controlRecordType(key: Uint8Array | null): number {
  if (key === null || key.length < KEY_SIZE) return -1;
  return (((key[2] ?? 0) << 24) >> 16) | (key[3] ?? 0);
}

/** A control batch: a record of the given type, whose value the caller has encoded. */
export function buildControlBatch(
  batch: Omit<NewBatch, "control" | "compression" | "compressionLevel" | "records"> & {
    type: ControlRecordType;
    timestamp: number;
    value: Uint8Array;
  },
): Buffer {
  const { type, timestamp, value, ...rest } = batch;
  return buildBatch({ ...rest, control: true, records: [{ timestamp, key: controlRecordKey(type), value }] });
}

/** The batch that ends a producer's transaction in a partition. */
export function buildEndTransactionMarker(marker: {
  baseOffset: number;
  partitionLeaderEpoch: number;
  timestamp: number;
  producerId: bigint;
  producerEpoch: number;
  result: "commit" | "abort";
  coordinatorEpoch: number;
}): Buffer {
  const { result, coordinatorEpoch, ...batch } = marker;
  const value = Buffer.alloc(6);
  value.writeInt16BE(END_TRANSACTION_MARKER_VERSION, 0);
  value.writeInt32BE(coordinatorEpoch, 2);
  return buildControlBatch({ ...batch, transactional: true, type: ControlRecordType[result], value });
}

/** The coordinator's epoch in an end-transaction marker's value; −1 if it is too short to have one. */
export function coordinatorEpochOf(markerValue: Uint8Array | null): number {
  if (markerValue === null || markerValue.length < 6) return -1;
  return new DataView(markerValue.buffer, markerValue.byteOffset).getInt32(2);
}
