/**
 * The partitions as the metadata has them: Kafka's ReplicaManager and KafkaController, and kafka_exporter's partitions.
 */
import type { ClusterImage, PartitionImage } from "../../metadata/image/cluster-image.ts";
import type { Family } from "../../observe/metrics/exposition.ts";
import { Bean, family, sample } from "./jmx-names.ts";

const replicaManager = new Bean("kafka.server", "ReplicaManager");
const controller = new Bean("kafka.controller", "KafkaController");
const controllerStats = new Bean("kafka.controller", "ControllerStats");

interface ReplicaOptions {
  readonly image: ClusterImage;
  readonly nodeId: number;
  /** The topic's min.insync.replicas. */
  readonly minInsyncReplicas: (topic: string) => number;
  /** Partitions of this node that lie in a log directory that has failed. */
  readonly offlinePartitions: number;
}

/** The families of ReplicaManager and KafkaController. */
export function replicaFamilies(options: ReplicaOptions): Family[] {
  const { image, offlinePartitions } = options;
  const counts = counted(options);
  return [
    replicaManager.values("PartitionCount", "Partitions on this node.", counts.here),
    replicaManager.values("LeaderCount", "Partitions that this node leads.", counts.led),
    replicaManager.values(
      "UnderReplicatedPartitions",
      "Partitions led here that have replicas out of sync.",
      counts.underReplicated,
    ),
    replicaManager.values(
      "UnderMinIsrPartitionCount",
      "Partitions led here with fewer replicas in sync than min.insync.replicas.",
      counts.underMinIsr,
    ),
    replicaManager.values(
      "AtMinIsrPartitionCount",
      "Partitions led here with as many replicas in sync as min.insync.replicas.",
      counts.atMinIsr,
    ),
    replicaManager.values(
      "OfflineReplicaCount",
      "Partitions on this node in log directories that have failed.",
      offlinePartitions,
    ),
    replicaManager.values("IsrShrinksPerSec", "Replicas that went out of sync.", 0),
    replicaManager.values("IsrExpandsPerSec", "Replicas that came back into sync.", 0),
    controller.values("ActiveControllerCount", "Whether this node is the controller.", 1),
    controller.values("ActiveBrokerCount", "Brokers that serve.", 1),
    controller.values("FencedBrokerCount", "Brokers that are registered and don't serve.", 0),
    controller.values("GlobalTopicCount", "Topics in the cluster.", counts.topics),
    family(
      "gauge",
      "kafka_topic_partitions",
      "Partitions of a topic.",
      [...image.topics()].map(({ name, partitions }) => sample(partitions.length, { topic: name })),
    ),
    controller.values("GlobalPartitionCount", "Partitions in the cluster.", counts.partitions),
    controller.values("OfflinePartitionsCount", "Partitions that nobody serves.", counts.leaderless),
    controller.values(
      "PreferredReplicaImbalanceCount",
      "Partitions that are led by another than their first replica.",
      counts.imbalanced,
    ),
    controller.values(
      "LastAppliedRecordOffset",
      "The last offset of the metadata log that has been applied.",
      image.lastOffset,
    ),
    controllerStats.values(
      "UncleanLeaderElectionsPerSec",
      "Elections of leaders that had been out of sync.",
      0,
    ),
  ];
}

function counted({ image, nodeId, minInsyncReplicas }: ReplicaOptions) {
  const counts = {
    ...{ topics: 0, partitions: 0, here: 0, led: 0 },
    ...{ underReplicated: 0, underMinIsr: 0, atMinIsr: 0, leaderless: 0, imbalanced: 0 },
  };
  for (const { name, partitions } of image.topics()) {
    counts.topics++;
    const configured = minInsyncReplicas(name);
    for (const { replicas, isr, leader } of partitions as readonly PartitionImage[]) {
      counts.partitions++;
      // No other broker lives.
      if (leader !== nodeId) counts.leaderless++;
      else if (replicas[0] !== leader) counts.imbalanced++;
      if (replicas.includes(nodeId)) counts.here++;
      if (leader !== nodeId) continue;
      counts.led++;
      const minIsr = Math.min(configured, replicas.length);
      if (isr.length < replicas.length) counts.underReplicated++;
      if (isr.length < minIsr) counts.underMinIsr++;
      else if (isr.length === minIsr) counts.atMinIsr++;
    }
  }
  return counts;
}
