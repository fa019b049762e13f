/**
 * Whether consumer groups are served (KIP-848).
 */
import { KafkaError } from "../protocol/errors.ts";
import type { BrokerParts, RequestContext } from "./context.ts";

/**
 * The broker, where `group.coordinator.rebalance.protocols` has "consumer" and the cluster's group.version is at least 1.
 *
 * @throws KafkaError UNSUPPORTED_VERSION where not
 */
export function requireConsumerProtocol({ broker }: RequestContext): BrokerParts {
  const { groupCoordinatorRebalanceProtocols: protocols } = broker.config();
  const level = broker.metadata.image.features.get("group.version") ?? 0;
  if (protocols.includes("consumer") && level >= 1) return broker;
  throw new KafkaError("UNSUPPORTED_VERSION", "The version of API is not supported.");
}
