/**
 * AllocateProducerIds: the next block of producer ids (KIP-730). What has been handed out is never handed out again.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";

/** Ids in a block. */
const BLOCK_SIZE = 1000;
const MAX_INT64 = 2n ** 63n - 1n;
const NO_BROKER_EPOCH = -1n;

export interface ProducerIdBlock {
  readonly firstProducerId: bigint;
  readonly count: number;
}

/**
 * Hands out a block.
 *
 * @throws KafkaError UNKNOWN_SERVER_ERROR when the int64s are used up
 */
export function allocateProducerIds(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
): Outcome<ProducerIdBlock> {
  const firstProducerId = image.nextProducerId;
  const nextProducerId = firstProducerId + BigInt(BLOCK_SIZE);
  if (nextProducerId > MAX_INT64) {
    throw new KafkaError("UNKNOWN_SERVER_ERROR", "All producer ids that there are have been handed out.");
  }
  const brokerEpoch = image.brokers.get(nodeId)?.brokerEpoch ?? NO_BROKER_EPOCH;
  const message = { brokerId: nodeId, brokerEpoch, nextProducerId };
  return {
    records: [{ name: "ProducerIdsRecord", version: 0, message }],
    reply: { firstProducerId, count: BLOCK_SIZE },
  };
}
