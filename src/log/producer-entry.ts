/**
 * What a partition remembers of one producer: its epoch, its last five batches, and the transaction it is in.
 */

/** As many batches a producer may have in flight; a repeated one among them is recognized. */
export const MAX_BATCHES = 5;
export const NO_EPOCH = -1;
export const NO_OFFSET = -1;

/** A batch that was appended. Its first sequence and offset follow from the last ones and the delta. */
export interface AppendedBatch {
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
}

const SEQUENCES = 0x80000000;

/** The sequence number of the batch's first record: sequences go from 2^31 − 1 on to 0. */
export function firstSequence({ lastSequence, offsetDelta }: AppendedBatch): number {
  return lastSequence < 0 ? lastSequence : (lastSequence - offsetDelta + SEQUENCES) % SEQUENCES;
}

export class ProducerEntry {
  epoch = NO_EPOCH;
  /** The epoch of the transaction coordinator that wrote the last marker, −1 for none. */
  coordinatorEpoch = -1;
  /** Milliseconds: of the last batch or marker. */
  lastTimestamp = -1;
  /** Where the transaction that is going on began, or −1. */
  currentTransactionFirstOffset = NO_OFFSET;
  /** The last batches of this epoch, oldest first. */
  readonly batches: AppendedBatch[] = [];

  constructor(readonly producerId: bigint) {}

  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? -1;
  }

  get lastOffset(): number {
    return this.batches.at(-1)?.lastOffset ?? NO_OFFSET;
  }

  get isInTransaction(): boolean {
    return this.currentTransactionFirstOffset !== NO_OFFSET;
  }

  /** A batch with exactly these sequences, if it is among the last ones of this epoch. */
  findDuplicate(epoch: number, first: number, last: number): AppendedBatch | undefined {
    if (epoch !== this.epoch) return undefined;
    return this.batches.find((batch) => batch.lastSequence === last && firstSequence(batch) === first);
  }

  /** A new epoch begins its sequences anew. */
  setEpoch(epoch: number): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.batches.length = 0;
  }

  addBatch(batch: AppendedBatch): void {
    if (this.batches.length === MAX_BATCHES) this.batches.shift();
    this.batches.push(batch);
    this.lastTimestamp = batch.timestamp;
  }
}

/** The offset of the batch's first record. */
export function firstOffsetOf({ lastOffset, offsetDelta }: AppendedBatch): number {
  return lastOffset - offsetDelta;
}
