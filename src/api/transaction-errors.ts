/**
 * What clients are told about transactions in words that they know.
 */
import { type ErrorName, KafkaError } from "../protocol/errors.ts";

/** Clients that don't know PRODUCER_FENCED yet are told INVALID_PRODUCER_EPOCH, which has the same effect on them. */
export function forClientsBeforeFencing(error: KafkaError): KafkaError {
  if (error.errorName !== "PRODUCER_FENCED") return error;
  return new KafkaError("INVALID_PRODUCER_EPOCH", error.message);
}

/** Errors of a coordinator that a producer, which asks for something else, doesn't expect; it may try again. */
const coordinatorErrors: ReadonlySet<ErrorName> = new Set([
  "NETWORK_EXCEPTION",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
]);

/** How much a client that writes in a transaction knows, by the versions of its requests (KIP-890). */
export interface TransactionSupport {
  /** Its partitions are added to the transaction when it writes there; it gets a new epoch with each transaction. */
  readonly addsPartitions: boolean;
  /** It knows TRANSACTION_ABORTABLE (KIP-1050). */
  readonly knowsAbortable: boolean;
}

/** What a writer is told when its transaction couldn't be verified, or a partition couldn't be added to it. */
export function verificationError(error: KafkaError, { knowsAbortable }: TransactionSupport): KafkaError {
  if (error.errorName === "PRODUCER_FENCED") return forClientsBeforeFencing(error);
  if (error.errorName === "TRANSACTION_ABORTABLE" && !knowsAbortable) return notAdded("INVALID_TXN_STATE");
  return error;
}

/**
 * What a producer is told: a coordinator's errors become one that it tries again after. As in Kafka, most come without
 * words, so that the client says in its own what they mean.
 */
export function produceError(error: KafkaError, support: TransactionSupport): KafkaError {
  const told = verificationError(error, support);
  const isRetriable =
    coordinatorErrors.has(told.errorName) ||
    (told.errorName === "CONCURRENT_TRANSACTIONS" && !support.addsPartitions);
  if (!isRetriable) return told.errorName === "INVALID_TXN_STATE" ? told : new KafkaError(told.errorName, "");
  return new KafkaError(
    "NOT_ENOUGH_REPLICAS",
    `Unable to verify the partition has been added to the transaction. Underlying error: ${told.errorName}`,
  );
}

/** A write in a transaction that its coordinator knows nothing of, for the partition. */
export function notAdded(errorName: "TRANSACTION_ABORTABLE" | "INVALID_TXN_STATE"): KafkaError {
  return new KafkaError(errorName, "Partition was not added to the transaction");
}
