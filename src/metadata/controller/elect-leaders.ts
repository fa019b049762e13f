/**
 * What this node does when it comes up: it leads every partition that it may lead. Apache Kafka's controller does the
 * same when it unfences a broker (PartitionChangeBuilder).
 */

import { recordVersionsAt } from "../feature-levels.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { PartitionImage } from "../image/partition-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import type { ControllerEnvironment } from "./outcome.ts";

/** What of a partition is different after an election. */
interface Election {
  readonly leader: number;
  readonly isr?: readonly number[];
  readonly eligibleLeaderReplicas?: readonly number[];
  readonly lastKnownElr?: readonly number[];
  readonly leaderRecoveryState?: number;
}

const RECOVERED = 0;

/**
 * The records with which this node becomes the leader of partitions whose leader is another or nobody, as a stopped
 * Kafka leaves them.
 *
 * @param everyEpoch also begin a new leader epoch where this node already leads: after a crash, so that what was
 *   written and lost can be told from what is written in its place
 */
export function electLeaders(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
  everyEpoch: boolean,
): NewMetadataRecord[] {
  const version = recordVersionsAt(image.metadataVersion).partitionChange;
  const records: NewMetadataRecord[] = [];
  for (const { id: topicId, partitions } of image.topics()) {
    for (const partition of partitions) {
      const elected = election(partition, nodeId, everyEpoch);
      if (elected === undefined) continue;
      const message = { partitionId: partition.index, topicId, ...elected };
      records.push({ name: "PartitionChangeRecord", version, message });
    }
  }
  return records;
}

/** How this node becomes the leader; undefined when it is, or can't without losing what others have. */
function election(partition: PartitionImage, nodeId: number, everyEpoch: boolean): Election | undefined {
  const { leader, isr, replicas, eligibleLeaderReplicas, lastKnownElr, leaderRecoveryState } = partition;
  if (leader === nodeId) return everyEpoch ? { leader: nodeId } : undefined;
  if (!replicas.includes(nodeId)) return undefined;
  const inSync = isr.includes(nodeId);
  const eligible = isr.length === 0 && [...eligibleLeaderReplicas, ...lastKnownElr].includes(nodeId);
  const only = replicas.length === 1;
  if (!inSync && !eligible && !only) return undefined;
  return {
    leader: nodeId,
    // Nobody else is there to be in sync.
    ...(isr.length === 1 && inSync ? {} : { isr: [nodeId] }),
    ...(eligibleLeaderReplicas.length > 0 ? { eligibleLeaderReplicas: [] } : {}),
    ...(lastKnownElr.length > 0 ? { lastKnownElr: [] } : {}),
    ...(leaderRecoveryState === RECOVERED ? {} : { leaderRecoveryState: RECOVERED }),
  };
}
