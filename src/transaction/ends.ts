/**
 * Completing the end of a transaction that has been decided: markers into its partitions, and then the record that says
 * so. What fails is tried again until it is done, or the partition of `__transaction_state` is unloaded; it goes on when
 * that is loaded again, after a crash as well.
 */
import type { Runtime } from "../coordinator/runtime.ts";
import type { TransactionEnd } from "../coordinator/transaction-end.ts";
import type { Logger } from "../observe/logger.ts";
import { type MarkerLogs, writeMarkers } from "./markers.ts";
import { byTopic, eachOf, type TopicPartition } from "./partitions.ts";
import type { TransactionShard } from "./shard.ts";
import type { Transaction, TransactionRecord } from "./transaction.ts";
import { isPrepared } from "./transaction-state.ts";
import { completed } from "./transitions.ts";

/** After how long what could not be written is tried again. */
const RETRY_MS = 250;

export interface EndsOptions {
  readonly runtime: Runtime<TransactionRecord, TransactionShard>;
  readonly markers: MarkerLogs;
  /** The epoch in which this broker leads a partition of `__transaction_state`. */
  readonly coordinatorEpoch: (partition: number) => number;
  readonly logger: Logger;
}

export class TransactionEnds {
  constructor(private readonly options: EndsOptions) {}

  /**
   * Completes the end of a transaction, if it is decided and nobody is completing it. Never throws or rejects; what it
   * returns is to be waited for, even if the end may not be complete then.
   */
  complete(transactionalId: string): Promise<void> | undefined {
    try {
      const { runtime } = this.options;
      const partition = runtime.partitionFor(transactionalId);
      const begun = runtime.read(partition, (shard) => beginEnd(shard, transactionalId));
      return begun && this.write(partition, begun);
    } catch (error) {
      this.failed(transactionalId, error);
      return undefined;
    }
  }

  /** Writes the markers that are due, and goes on. */
  private write(
    partition: number,
    { transaction, due }: { transaction: Transaction; due: TopicPartition[] },
  ): Promise<void> | undefined {
    const { markers, coordinatorEpoch, logger } = this.options;
    const { transactionalId } = transaction;
    const end = markerOf(transaction, coordinatorEpoch(partition));
    const left = writeMarkers(markers, due, end, `the transactional id ${transactionalId}`, logger);
    if (!(left instanceof Promise)) return void this.written(partition, transactionalId, left);
    return left
      .then((partitions) => this.written(partition, transactionalId, partitions))
      .catch((error: unknown) => this.failed(transactionalId, error));
  }

  /** All markers have been tried: those in `left` are tried again later, and without any the end is complete. */
  private written(partition: number, transactionalId: string, left: TopicPartition[]): void {
    const { runtime } = this.options;
    if (left.length === 0) this.finish(partition, transactionalId);
    else runtime.read(partition, (shard) => this.tryLater(shard, transactionalId, left));
  }

  private finish(partition: number, transactionalId: string): void {
    const done = this.options.runtime.write(partition, (shard, nowMs) => {
      const transaction = shard.transactions.get(transactionalId);
      // Unloaded and loaded again in between: whoever loaded it completes it.
      if (!shard.ends.has(transactionalId) || transaction === undefined || !isPrepared(transaction.state)) {
        return { records: [], reply: undefined };
      }
      const afterwards = (failure?: Error) => {
        if (failure === undefined) shard.ends.delete(transactionalId);
        else this.tryLater(shard, transactionalId, []);
      };
      const record = { transactionalId, transaction: completed(transaction, nowMs) };
      return { records: [record], reply: undefined, afterwards };
    });
    // The decision is durable. Should this record not be, the markers are written once more after a restart.
    if (done instanceof Promise) done.catch((error: unknown) => this.failed(transactionalId, error));
  }

  private tryLater(shard: TransactionShard, transactionalId: string, left: TopicPartition[]): void {
    shard.ends.set(transactionalId, left);
    shard.timers.set(`end ${transactionalId}`, RETRY_MS, () => ({
      records: [],
      reply: undefined,
      afterwards: () => this.tryAgain(shard, transactionalId),
    }));
  }

  private tryAgain(shard: TransactionShard, transactionalId: string): void {
    const { runtime } = this.options;
    const transaction = shard.transactions.get(transactionalId);
    const due = shard.ends.get(transactionalId);
    if (transaction === undefined || due === undefined) return;
    this.write(runtime.partitionFor(transactionalId), { transaction, due });
  }

  private failed(transactionalId: string, error: unknown): void {
    const { logger } = this.options;
    logger.error(`The end of a transaction of ${transactionalId} could not be completed: ${error}`);
  }
}

function beginEnd(shard: TransactionShard, transactionalId: string) {
  const transaction = shard.transactions.get(transactionalId);
  if (transaction === undefined || !isPrepared(transaction.state)) return undefined;
  if (shard.ends.has(transactionalId)) return undefined;
  const due = eachOf(byTopic(transaction.partitions));
  shard.ends.set(transactionalId, due);
  return { transaction, due };
}

function markerOf(transaction: Transaction, coordinatorEpoch: number): TransactionEnd {
  const { producerId, producerEpoch, state, clientTransactionVersion } = transaction;
  return {
    producerId,
    producerEpoch,
    coordinatorEpoch,
    result: state === "PrepareCommit" ? "commit" : "abort",
    transactionVersion: clientTransactionVersion,
  };
}
