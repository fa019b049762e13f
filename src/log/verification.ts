/**
 * Verification that a producer's transaction knows of this partition, while somebody asks the transaction coordinator
 * (KIP-890): a transaction that the coordinator doesn't know of would never be ended here. All in memory; what a crash
 * forgets is verified again.
 */
import { KafkaError } from "../protocol/errors.ts";
import type { ProducerBatch } from "./producer-check.ts";
import type { ProducerEntry } from "./producer-entry.ts";

/**
 * What an append shows to prove that its transaction was verified. A marker that has ended the transaction in between
 * makes it worthless.
 */
export interface Verification {
  readonly producerId: bigint;
}

/** What there is to show: the transaction is going on in the partition and needn't be verified, or a verification. */
export type Verified = "ongoing" | Verification;

class ProducerVerification implements Verification {
  constructor(
    readonly producerId: bigint,
    readonly startMs: number,
    /** The lowest sequence number that has been seen in that epoch. */
    public lowestSequence: number,
    public epoch: number,
    /** Whether the producer gets a new epoch with every transaction, so that each begins with sequence 0. */
    readonly bumpsEpoch: boolean,
  ) {}

  see(sequence: number, epoch: number): void {
    if (epoch < this.epoch || (epoch === this.epoch && sequence >= this.lowestSequence)) return;
    this.epoch = epoch;
    this.lowestSequence = sequence;
  }
}

export class Verifications {
  readonly #byProducer = new Map<bigint, ProducerVerification>();

  /** Begins to verify a producer's transaction for a batch, or goes on where it has begun. */
  start(
    { producerId, baseSequence, epoch }: Pick<ProducerBatch, "producerId" | "baseSequence" | "epoch">,
    bumpsEpoch: boolean,
    nowMs: number,
  ): Verification {
    let verification = this.#byProducer.get(producerId);
    if (verification === undefined) {
      verification = new ProducerVerification(producerId, nowMs, baseSequence, epoch, bumpsEpoch);
      this.#byProducer.set(producerId, verification);
    }
    verification.see(baseSequence, epoch);
    return verification;
  }

  /** Throws INVALID_TXN_STATE when a batch would begin a transaction that `verified` doesn't stand for. */
  check(entry: ProducerEntry | undefined, batch: ProducerBatch, verified: Verified): void {
    if (hasOngoingTransaction(entry, batch.epoch)) return;
    if (verified === this.#byProducer.get(batch.producerId)) return;
    throw new KafkaError("INVALID_TXN_STATE", "Record was not part of an ongoing transaction");
  }

  /**
   * Refuses a batch that overtakes one which is still to come, because its verification failed for a while.
   *
   * @throws KafkaError OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  checkSequence(entry: ProducerEntry | undefined, batch: ProducerBatch, topicPartition: string): void {
    const verification = this.#byProducer.get(batch.producerId);
    if (verification === undefined) return;
    const { producerId, baseSequence, baseOffset } = batch;
    const isFirst = entry === undefined || entry.batches.length === 0;
    const expected = verification.bumpsEpoch && isFirst ? 0 : verification.lowestSequence;
    if (baseSequence <= expected) return;
    throw new KafkaError(
      "OUT_OF_ORDER_SEQUENCE_NUMBER",
      `Out of order sequence number for producer ${producerId} at offset ${baseOffset} in ${topicPartition}: ${baseSequence}, where ${expected} has not been written yet`,
    );
  }

  /** A batch of a transaction, or the marker that ends it, has been appended. */
  appended(producerId: bigint, epoch: number, isMarker: boolean): void {
    const verification = this.#byProducer.get(producerId);
    // With a new epoch in every transaction, the next one may be verified before the last one's marker is here.
    if (isMarker && verification?.bumpsEpoch && verification.epoch === epoch) return;
    this.#byProducer.delete(producerId);
  }

  /** Forgets verifications that nothing has come of for `expirationMs`. */
  expire(nowMs: number, expirationMs: number): void {
    for (const { producerId, startMs } of this.#byProducer.values()) {
      if (nowMs - startMs >= expirationMs) this.#byProducer.delete(producerId);
    }
  }
}

/** Whether the producer is in a transaction in the partition, in that epoch. */
export function hasOngoingTransaction(entry: ProducerEntry | undefined, epoch: number): boolean {
  return entry?.isInTransaction === true && entry.epoch === epoch;
}
