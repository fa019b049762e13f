/**
 * Writes the markers that end transactions into this broker's partitions.
 */
import type { Clock } from "../clock.ts";
import { buildTransactionEnd, type TransactionEnd } from "../coordinator/transaction-end.ts";
import type { GroupCoordinator } from "../group/coordinator.ts";
import { GROUP_TOPIC } from "../group/group-topic.ts";
import type { MarkerLogs } from "../transaction/markers.ts";
import type { Replicas } from "./replicas.ts";

/** The parts of the broker that hold what transactions write. */
export interface MarkedParts {
  readonly replicas: Replicas;
  readonly groups: Pick<GroupCoordinator, "endTransaction">;
  readonly clock: Clock;
}

export class PartitionMarkers implements MarkerLogs {
  constructor(private readonly parts: MarkedParts) {}

  /**
   * Writes a marker into a partition. Committed offsets count, or are dropped, with it.
   *
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_PRODUCER_EPOCH,
   *   TRANSACTION_COORDINATOR_FENCED, KAFKA_STORAGE_ERROR; for committed offsets, also the group coordinator's errors
   */
  write(topic: string, partition: number, end: TransactionEnd): Promise<void> | undefined {
    const { replicas, groups, clock } = this.parts;
    const replica = replicas.leader(replicas.topicByName(topic), partition);
    if (topic === GROUP_TOPIC) return groups.endTransaction(partition, end);
    const { leaderEpoch } = replica.partition;
    const { transactionVersion } = end;
    const batch = buildTransactionEnd(end, clock.now());
    const { flushed } = replica.log.append(batch, { leaderEpoch, origin: "coordinator", transactionVersion });
    return flushed ?? undefined;
  }
}
