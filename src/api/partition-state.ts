/**
 * What Metadata and DescribeTopicPartitions tell of a partition: who leads it, who has it, and who of these is away.
 */
import type { PartitionImage } from "../metadata/image/cluster-image.ts";
import { NO_LEADER } from "../metadata/image/partition-image.ts";
import { ErrorCode } from "../protocol/errors.ts";

export interface PartitionState {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

const none: readonly number[] = [];

/**
 * The state of a partition. A leader that isn't alive is told as none, with LEADER_NOT_AVAILABLE.
 *
 * @param aliveId the one broker that is alive
 */
export function partitionState(partition: PartitionImage, aliveId: number): PartitionState {
  const { index, leader, leaderEpoch, replicas, isr } = partition;
  const led = leader === aliveId;
  const offline = replicas.length === 1 && replicas[0] === aliveId ? none : without(replicas, aliveId);
  return {
    errorCode: led ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE,
    partitionIndex: index,
    leaderId: led ? leader : NO_LEADER,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas: offline,
  };
}

/**
 * The state as version 0 of Metadata has it: it names no broker that isn't alive, and calls the partition
 * REPLICA_NOT_AVAILABLE for it.
 */
export function oldPartitionState(partition: PartitionImage, aliveId: number): PartitionState {
  const state = partitionState(partition, aliveId);
  const replicaNodes = state.replicaNodes.filter((id) => id === aliveId);
  const isrNodes = state.isrNodes.filter((id) => id === aliveId);
  const complete =
    replicaNodes.length === state.replicaNodes.length && isrNodes.length === state.isrNodes.length;
  if (complete || state.errorCode !== ErrorCode.NONE) return { ...state, replicaNodes, isrNodes };
  return { ...state, errorCode: ErrorCode.REPLICA_NOT_AVAILABLE, replicaNodes, isrNodes };
}

function without(replicas: readonly number[], aliveId: number): number[] {
  return replicas.filter((id) => id !== aliveId);
}
