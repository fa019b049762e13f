/**
 * A partition in the image that one node leads, in epoch 0, and that has no other replica.
 */
import type { RecordMessage } from "../../src/metadata/records.ts";

export function lonePartition(
  nodeId: number,
): Omit<RecordMessage<"PartitionRecord">, "topicId" | "partitionId"> {
  return {
    replicas: [nodeId],
    isr: [nodeId],
    removingReplicas: [],
    addingReplicas: [],
    leader: nodeId,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [],
    leaderRecoveryState: 0,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  };
}
