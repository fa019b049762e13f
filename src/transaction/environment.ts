/**
 * What the decisions of the transaction coordinator need from outside.
 */
export interface TransactionEnvironment {
  /** A producer id that nobody has had. Throws KafkaError when there is none to be had. */
  readonly newProducerId: () => bigint;
  /** The cluster's level of `transaction.version`. */
  readonly transactionVersion: () => number;
}
