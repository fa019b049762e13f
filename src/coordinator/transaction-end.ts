/**
 * The end of a producer's transaction, as the transaction coordinator tells the coordinators that took part.
 */
import { buildEndTransactionMarker } from "../records/control.ts";
import type { TransactionResult } from "./state-machine.ts";

export interface TransactionEnd {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the transaction coordinator. */
  readonly coordinatorEpoch: number;
  readonly result: TransactionResult;
  /** The `transaction.version` that the transaction was run with (KIP-890). */
  readonly transactionVersion: number;
}

/** The marker for a log; the log gives it its offset and leader epoch. */
export function buildTransactionEnd(end: TransactionEnd, timestampMs: number): Buffer {
  const { producerId, producerEpoch, coordinatorEpoch, result } = end;
  return buildEndTransactionMarker({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    timestamp: timestampMs,
    producerId,
    producerEpoch,
    coordinatorEpoch,
    result,
  });
}
