/**
 * Records of `__transaction_state` as bytes: a key that begins with its type (an int16, 0), and a value that begins with
 * its version (an int16).
 */
import type { RecordCodec } from "../coordinator/coordinator-log.ts";
import { read, write } from "../protocol/codec.ts";
import { TransactionLogKey, TransactionLogValue } from "../protocol/coordinator-records/index.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { Reader } from "../protocol/reader.ts";
import { Writer } from "../protocol/writer.ts";
import { NO_SEQUENCE } from "../records/batch-header.ts";
import { byTopic, noPartitions, type TransactionPartitions, withPartitions } from "./partitions.ts";
import { NO_PRODUCER_EPOCH, type Transaction, type TransactionRecord } from "./transaction.ts";
import { idOf, stateOf } from "./transaction-state.ts";

const KEY_VERSION = 0;
const VALUE_VERSION_BEFORE_KIP_890 = 0;
const VALUE_VERSION = 1;

/** @param transactionVersion the level in force: it decides the version of values, as in Kafka */
export function transactionRecordCodec(transactionVersion: () => number): RecordCodec<TransactionRecord> {
  return {
    baseSequence: NO_SEQUENCE,
    encode({ transactionalId, transaction }) {
      const key = new Writer(64);
      key.int16(TransactionLogKey.id);
      write(TransactionLogKey, KEY_VERSION, { transactionalId }, key);
      return { key: key.written(), value: transaction && encodeValue(transaction, transactionVersion()) };
    },
    decode(key, value) {
      if (key === null) throw new MalformedError("a record of __transaction_state has no key");
      const reader = new Reader(key);
      const id = reader.int16();
      if (id !== TransactionLogKey.id) return id;
      const { transactionalId } = read(TransactionLogKey, KEY_VERSION, reader);
      return { transactionalId, transaction: value && decodeValue(transactionalId, value) };
    },
  };
}

function encodeValue(transaction: Transaction, transactionVersion: number): Uint8Array {
  const version = transactionVersion >= 1 ? VALUE_VERSION : VALUE_VERSION_BEFORE_KIP_890;
  const writer = new Writer(128);
  writer.int16(version);
  const { partitions, state } = transaction;
  const topics = byTopic(partitions).map(({ topic, partitions }) => ({ topic, partitionIds: partitions }));
  const value = {
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: idOf(state),
    transactionPartitions: state === "Empty" ? null : topics,
    transactionLastUpdateTimestampMs: transaction.lastUpdateMs,
    transactionStartTimestampMs: transaction.startMs,
  };
  const tagged = {
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    clientTransactionVersion: transaction.clientTransactionVersion,
  };
  write(TransactionLogValue, version, version === VALUE_VERSION ? { ...value, ...tagged } : value, writer);
  return writer.written();
}

/** @throws MalformedError or RangeError for a version or a state that only a newer Kafka knows */
function decodeValue(transactionalId: string, bytes: Uint8Array): Transaction {
  const reader = new Reader(bytes);
  const version = reader.int16();
  if (version < VALUE_VERSION_BEFORE_KIP_890 || version > VALUE_VERSION) {
    throw new MalformedError(`transactional id ${transactionalId} has a value of version ${version}`);
  }
  const value = read(TransactionLogValue, version, reader);
  const state = stateOf(value.transactionStatus);
  return {
    transactionalId,
    producerId: value.producerId,
    previousProducerId: value.previousProducerId,
    nextProducerId: value.nextProducerId,
    producerEpoch: value.producerEpoch,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: value.transactionTimeoutMs,
    state,
    partitions: state === "Empty" ? noPartitions : partitionsOf(value.transactionPartitions ?? []),
    startMs: Number(value.transactionStartTimestampMs),
    lastUpdateMs: Number(value.transactionLastUpdateTimestampMs),
    clientTransactionVersion: value.clientTransactionVersion,
  };
}

function partitionsOf(
  topics: readonly { topic: string; partitionIds: readonly number[] }[],
): TransactionPartitions {
  return withPartitions(
    noPartitions,
    topics.map(({ topic, partitionIds }) => ({ topic, partitions: partitionIds })),
  );
}
