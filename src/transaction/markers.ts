/**
 * The markers that end a transaction in its partitions, written all at once: this broker has all the partitions.
 */
import type { TransactionEnd } from "../coordinator/transaction-end.ts";
import type { Logger } from "../observe/logger.ts";
import { type ErrorName, KafkaError } from "../protocol/errors.ts";
import type { TopicPartition } from "./partitions.ts";

/** Where markers are written. */
export interface MarkerLogs {
  /**
   * Writes a marker into a partition.
   *
   * @returns what its durability waits for, where the topic's flush policy says so; it may reject
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION for a partition that has been deleted, or what its log throws
   */
  write(topic: string, partition: number, end: TransactionEnd): Promise<void> | undefined;
}

/** Errors after which no marker is due: the partition is gone, or has gone on without this transaction. */
const settled: ReadonlySet<ErrorName> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "INVALID_PRODUCER_EPOCH",
  "TRANSACTION_COORDINATOR_FENCED",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
  "UNSUPPORTED_VERSION",
]);

/**
 * Writes the marker into each partition. Never throws.
 *
 * @param what the transaction, for the log
 * @returns the partitions that it has to be tried for once more; as a promise where flushing has to be waited for
 */
export function writeMarkers(
  logs: MarkerLogs,
  partitions: readonly TopicPartition[],
  end: TransactionEnd,
  what: string,
  logger: Logger,
): TopicPartition[] | Promise<TopicPartition[]> {
  const left: TopicPartition[] = [];
  const flushes: Promise<void>[] = [];
  for (const partition of partitions) {
    const failed = (error: unknown) => {
      if (isDue(error, partition, what, logger)) left.push(partition);
    };
    try {
      const flushed = logs.write(partition.topic, partition.partition, end);
      if (flushed !== undefined) flushes.push(flushed.catch(failed));
    } catch (error) {
      failed(error);
    }
  }
  return flushes.length === 0 ? left : Promise.all(flushes).then(() => left);
}

/** Whether a marker that couldn't be written is still to be written. */
function isDue(error: unknown, { topic, partition }: TopicPartition, what: string, logger: Logger): boolean {
  const marker = `The marker of ${what} for ${topic}-${partition}`;
  if (!(error instanceof KafkaError)) {
    logger.error(
      `${marker} could not be written: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
    return true;
  }
  if (!settled.has(error.errorName)) {
    logger.info(`${marker} is to be written again, after ${error.errorName}: ${error.message}`);
    return true;
  }
  if (error.errorName === "UNKNOWN_TOPIC_OR_PARTITION") logger.info(`${marker} is not needed: it is deleted`);
  else logger.warn(`${marker} was refused, with ${error.errorName}: ${error.message}`);
  return false;
}
