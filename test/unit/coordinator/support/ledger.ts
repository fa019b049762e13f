/**
 * The smallest state machine worth replaying: sums by name, and what transactions that are open would add to them.
 */
import type { RecordCodec } from "../../../../src/coordinator/coordinator-log.ts";
import type {
  RecordPlace,
  StateMachine,
  TransactionResult,
} from "../../../../src/coordinator/state-machine.ts";
import type { Timers } from "../../../../src/coordinator/timers.ts";
import type { KafkaError } from "../../../../src/protocol/errors.ts";

export interface Entry {
  readonly name: string;
  readonly amount: number;
}

export class Ledger implements StateMachine<Entry> {
  readonly sums = new Map<string, number>();
  readonly offsets: number[] = [];
  loadedAtMs: number | undefined;
  unloadedBy: KafkaError | undefined;
  private readonly pending = new Map<bigint, Entry[]>();

  constructor(readonly timers: Timers<Entry>) {}

  replay(entry: Entry, { offset, producerId }: RecordPlace): void {
    if (entry.name === "poison") throw new Error("this entry can't be replayed");
    this.offsets.push(offset);
    if (producerId === -1n) this.add(entry);
    else this.pending.set(producerId, [...(this.pending.get(producerId) ?? []), entry]);
  }

  replayTransactionEnd(producerId: bigint, result: TransactionResult): void {
    if (result === "commit") for (const entry of this.pending.get(producerId) ?? []) this.add(entry);
    this.pending.delete(producerId);
  }

  loaded(nowMs: number): void {
    this.loadedAtMs = nowMs;
  }

  unloaded(error: KafkaError): void {
    this.unloadedBy = error;
  }

  private add({ name, amount }: Entry): void {
    this.sums.set(name, (this.sums.get(name) ?? 0) + amount);
  }
}

/** Keys begin with a byte that tells the type: 0 for entries, others are unknown. */
export const ledgerCodec: RecordCodec<Entry> = {
  baseSequence: 0,
  encode: ({ name, amount }) => ({ key: Buffer.from(`\0${name}`), value: Buffer.from(String(amount)) }),
  decode(key, value) {
    if (key === null || value === null) throw new RangeError("an entry lacks its key or its value");
    if (key[0] !== 0) return key[0] ?? -1;
    return { name: Buffer.from(key.subarray(1)).toString(), amount: Number(Buffer.from(value).toString()) };
  },
};
