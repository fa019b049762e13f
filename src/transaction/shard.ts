/**
 * The transactional ids of one partition of `__transaction_state`. Replaying that partition's log leads to them; what
 * else is here is about work under way, and lost with the process.
 */
import type { StateMachine } from "../coordinator/state-machine.ts";
import type { Timers } from "../coordinator/timers.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { TopicPartition } from "./partitions.ts";
import type { Transaction, TransactionRecord } from "./transaction.ts";
import { isPrepared } from "./transaction-state.ts";

export class TransactionShard implements StateMachine<TransactionRecord> {
  readonly transactions = new Map<string, Transaction>();
  /** Ids whose last record is being made durable, with what they were before: nothing may be built on it yet. */
  readonly pending = new Map<string, Transaction | undefined>();
  /** Decided ends that are being written into the partitions: those that have no marker yet, by id. */
  readonly ends = new Map<string, TopicPartition[]>();

  /** @param onPrepared is told, after the log has been replayed, the ids whose end is decided and not complete */
  constructor(
    readonly timers: Timers<TransactionRecord>,
    private readonly onPrepared: (transactionalIds: readonly string[]) => void,
  ) {}

  /** Throws INVALID_PRODUCER_ID_MAPPING for an id that nobody has initialized, or that has expired. */
  get(transactionalId: string): Transaction {
    const transaction = this.transactions.get(transactionalId);
    if (transaction !== undefined) return transaction;
    throw new KafkaError(
      "INVALID_PRODUCER_ID_MAPPING",
      `No producer id is assigned to the transactional id ${transactionalId}.`,
    );
  }

  replay({ transactionalId, transaction }: TransactionRecord): void {
    if (transaction === null) this.transactions.delete(transactionalId);
    else this.transactions.set(transactionalId, transaction);
  }

  loaded(): void {
    const prepared = [...this.transactions.values()].filter(({ state }) => isPrepared(state));
    if (prepared.length > 0) this.onPrepared(prepared.map(({ transactionalId }) => transactionalId));
  }

  unloaded(): void {
    this.pending.clear();
    this.ends.clear();
  }
}
