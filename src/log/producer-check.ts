/**
 * Whether a producer may append what it wants to append: its epoch, its sequence numbers, its transaction.
 */
import { KafkaError } from "../protocol/errors.ts";
import { NO_EPOCH, type ProducerEntry } from "./producer-entry.ts";

/**
 * Who hands the batch in. A client's batch is checked in full; a coordinator's has no sequence numbers; what was in
 * the log already, or comes from a leader that had checked it, is taken as it is.
 */
export type AppendOrigin = "client" | "coordinator" | "replication";

/** A batch of records as far as its producer's state is concerned. */
export interface ProducerBatch {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly baseSequence: number;
  readonly baseOffset: number;
  readonly isTransactional: boolean;
}

const MAX_SEQUENCE = 0x7fffffff;

/**
 * Checks a batch of records from a client or coordinator against what is known of its producer.
 *
 * @throws KafkaError INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER or INVALID_TXN_STATE
 */
export function checkBatch(
  entry: ProducerEntry | undefined,
  batch: ProducerBatch,
  origin: AppendOrigin,
  topicPartition: string,
): void {
  if (origin === "replication" || !entry) return;
  checkEpoch(entry, batch.epoch, batch.baseOffset, topicPartition);
  if (origin === "client") checkSequence(entry, batch, topicPartition);
  if (entry.isInTransaction && !batch.isTransactional) {
    throw new KafkaError(
      "INVALID_TXN_STATE",
      `Producer ${batch.producerId} is in a transaction in ${topicPartition} and may not write outside of it at offset ${batch.baseOffset}`,
    );
  }
}

/** A marker that ends a transaction. */
export interface EndMarker {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly coordinatorEpoch: number;
  readonly isCommit: boolean;
  /** The marker's own. */
  readonly offset: number;
  readonly timestamp: number;
}

/**
 * Checks a transaction marker. From transaction.version 2 on (KIP-890) the coordinator raises the epoch at each end,
 * so that a marker must be above the epoch of what it ends, unless it is the same marker once more.
 *
 * @throws KafkaError INVALID_PRODUCER_EPOCH or TRANSACTION_COORDINATOR_FENCED
 */
export function checkMarker(
  entry: ProducerEntry | undefined,
  marker: EndMarker,
  transactionVersion: number,
  topicPartition: string,
): void {
  if (!entry) return;
  const isRepeated = !entry.isInTransaction || marker.epoch === 0x7fff;
  if (transactionVersion >= 2 && marker.epoch === entry.epoch && !isRepeated) {
    throw staleEpoch(entry, marker.epoch, marker.offset, topicPartition);
  }
  checkEpoch(entry, marker.epoch, marker.offset, topicPartition);
  if (entry.coordinatorEpoch > marker.coordinatorEpoch) {
    throw new KafkaError(
      "TRANSACTION_COORDINATOR_FENCED",
      `The coordinator of producer ${marker.producerId} has epoch ${entry.coordinatorEpoch} in ${topicPartition}, not ${marker.coordinatorEpoch}, as the marker for offset ${marker.offset} says`,
    );
  }
}

/** Throws INVALID_PRODUCER_EPOCH for a producer that has been fenced. */
export function checkEpoch(
  entry: ProducerEntry,
  epoch: number,
  offset: number,
  topicPartition: string,
): void {
  if (epoch < entry.epoch) throw staleEpoch(entry, epoch, offset, topicPartition);
}

function staleEpoch(entry: ProducerEntry, epoch: number, offset: number, topicPartition: string): KafkaError {
  return new KafkaError(
    "INVALID_PRODUCER_EPOCH",
    `Epoch ${epoch} of producer ${entry.producerId} at offset ${offset} in ${topicPartition} is out of date: the last seen epoch is ${entry.epoch}`,
  );
}

function checkSequence(entry: ProducerEntry, batch: ProducerBatch, topicPartition: string): void {
  if (entry.epoch === NO_EPOCH) return;
  const { producerId, epoch, baseSequence, baseOffset } = batch;
  if (epoch !== entry.epoch) {
    if (baseSequence === 0) return;
    throw new KafkaError(
      "OUT_OF_ORDER_SEQUENCE_NUMBER",
      `Producer ${producerId} begins epoch ${epoch} at offset ${baseOffset} in ${topicPartition} with sequence ${baseSequence} instead of 0; its last epoch was ${entry.epoch}`,
    );
  }
  const last = entry.lastSequence;
  const isNext = baseSequence === last + 1 || (baseSequence === 0 && last === MAX_SEQUENCE);
  if (!isNext) {
    throw new KafkaError(
      "OUT_OF_ORDER_SEQUENCE_NUMBER",
      `Out of order sequence number for producer ${producerId} at offset ${baseOffset} in ${topicPartition}: ${baseSequence} (incoming seq. number), ${last} (current end sequence number)`,
    );
  }
}
