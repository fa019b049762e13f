/**
 * UnregisterBroker: takes a broker that is gone for good out of the metadata. On one node that is one which was there
 * when Apache Kafka had the directory.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { recordVersionsAt } from "../feature-levels.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";

/**
 * The records that take it out, and out of the replicas that are in sync.
 *
 * @throws KafkaError BROKER_ID_NOT_REGISTERED, and INVALID_REQUEST for this broker itself
 */
export function unregisterBroker(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
  brokerId: number,
): Outcome<void> {
  if (brokerId === nodeId) {
    throw new KafkaError(
      "INVALID_REQUEST",
      `Broker ${brokerId} is the one that answers, and the only one: it can't be unregistered`,
    );
  }
  const registration = image.brokers.get(brokerId);
  if (registration === undefined) {
    throw new KafkaError("BROKER_ID_NOT_REGISTERED", `Broker ID ${brokerId} is not currently registered`);
  }
  const version = recordVersionsAt(image.metadataVersion).partitionChange;
  const records: NewMetadataRecord[] = [];
  for (const { id: topicId, partitions } of image.topics()) {
    for (const { index, isr } of partitions) {
      // The last replica in sync stays: it alone has all that was committed.
      if (isr.length < 2 || !isr.includes(brokerId)) continue;
      const message = { partitionId: index, topicId, isr: isr.filter((id) => id !== brokerId) };
      records.push({ name: "PartitionChangeRecord", version, message });
    }
  }
  const { brokerEpoch } = registration;
  records.push({ name: "UnregisterBrokerRecord", version: 0, message: { brokerId, brokerEpoch } });
  return { records, reply: undefined };
}
