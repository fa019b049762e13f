import { expect, test } from "bun:test";
import { transactionRecordCodec } from "../../../src/transaction/record-codec.ts";
import type { Transaction, TransactionRecord } from "../../../src/transaction/transaction.ts";
import { goldenRecords } from "./support/golden.ts";

const codec = transactionRecordCodec(() => 2);

function decoded(key: Uint8Array, value: Uint8Array | null): TransactionRecord {
  const record = codec.decode(key, value);
  if (typeof record === "number") throw new Error(`type ${record}`);
  return record;
}

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("hex");

const transaction: Transaction = {
  transactionalId: "tx",
  producerId: 4n,
  previousProducerId: 3n,
  nextProducerId: 5n,
  producerEpoch: 7,
  lastProducerEpoch: 6,
  timeoutMs: 1000,
  state: "PrepareCommit",
  partitions: new Map([
    ["a", new Set([0, 2])],
    ["b", new Set([1])],
  ]),
  startMs: 10,
  lastUpdateMs: 20,
  clientTransactionVersion: 2,
};

test("What Apache Kafka wrote is read, and written again byte by byte", () => {
  const records = goldenRecords();
  expect(records.length).toBeGreaterThan(20);
  for (const { key, value } of records) {
    const again = codec.encode(decoded(key, value));
    expect(hex(again.key)).toBe(hex(key));
    expect(hex(again.value)).toBe(hex(value));
  }
});

test("All of a transaction is in its record but the epoch it had before, as in Kafka", () => {
  const { key, value } = codec.encode({ transactionalId: "tx", transaction });
  expect(decoded(key, value)).toEqual({
    transactionalId: "tx",
    transaction: { ...transaction, lastProducerEpoch: -1 },
  });
});

test("An id without a transaction has no partitions in its record, not even an empty list", () => {
  const empty: Transaction = { ...transaction, state: "Empty", partitions: new Map() };
  const { key, value } = codec.encode({ transactionalId: "tx", transaction: empty });
  // int16 version, int64 id, int16 epoch, int32 timeout, int8 state, and a compact array that is null.
  expect(value?.[17]).toBe(0);
  expect(decoded(key, value).transaction?.partitions.size).toBe(0);
});

test("Before transaction.version 1 values are of version 0, which knows one producer id only", () => {
  const old = transactionRecordCodec(() => 0);
  const { key, value } = old.encode({ transactionalId: "tx", transaction });
  expect(value?.subarray(0, 2)).toEqual(Uint8Array.of(0, 0));
  expect(decoded(key, value).transaction).toEqual({
    ...transaction,
    previousProducerId: -1n,
    nextProducerId: -1n,
    lastProducerEpoch: -1,
    clientTransactionVersion: 0,
  });
});

test("A forgotten id is a key without a value", () => {
  const { key, value } = codec.encode({ transactionalId: "tx", transaction: null });
  expect(value).toBeNull();
  expect(decoded(key, null)).toEqual({ transactionalId: "tx", transaction: null });
});

test("A record of another type is told by its number", () => {
  expect(codec.decode(Uint8Array.of(0, 9, 1, 2), Uint8Array.of(0))).toBe(9);
});

test("What only a newer Kafka understands is not read as something else", () => {
  const { key, value } = codec.encode({ transactionalId: "tx", transaction });
  const newer = Buffer.from(value ?? []);
  newer.writeInt16BE(2, 0);
  expect(() => codec.decode(key, newer)).toThrow("version 2");
  const unknownState = Buffer.from(value ?? []);
  unknownState[16] = 8;
  expect(() => codec.decode(key, unknownState)).toThrow("no transaction state");
  expect(() => codec.decode(null, value)).toThrow("no key");
});
