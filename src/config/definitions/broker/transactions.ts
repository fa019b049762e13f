/**
 * Broker configs: producer ids and transactions.
 */
import { acts, boolean, clusterWide, high, int, internal, low, short } from "../../definition.ts";
import { atLeast } from "../../validators.ts";

export const transactionDefinitions = [
  int("transaction.state.log.min.isr", 2, atLeast(1), high),
  int("transaction.state.log.load.buffer.size", 5_242_880, atLeast(1), high),
  short("transaction.state.log.replication.factor", 3, atLeast(1), high),
  int("transaction.state.log.num.partitions", 50, atLeast(1), high, acts),
  int("transaction.state.log.segment.bytes", 104_857_600, atLeast(1), high, acts),
  boolean("transaction.partition.verification.enable", true, low, clusterWide, acts),
  int("producer.id.expiration.ms", 86_400_000, atLeast(1), low, clusterWide, acts),
  int("producer.id.expiration.check.interval.ms", 600_000, atLeast(1), low, internal, acts),
  int("transactional.id.expiration.ms", 604_800_000, atLeast(1), high, acts),
  int("transaction.max.timeout.ms", 900_000, atLeast(1), high, acts),
  int("transaction.abort.timed.out.transaction.cleanup.interval.ms", 10000, atLeast(1), low, acts),
  int("transaction.remove.expired.transaction.cleanup.interval.ms", 3_600_000, atLeast(1), low, acts),
  boolean("transaction.two.phase.commit.enable", false, low),
  int("add.partitions.to.txn.retry.backoff.max.ms", 100, atLeast(0), high, acts),
  int("add.partitions.to.txn.retry.backoff.ms", 20, atLeast(1), high, acts),
];
