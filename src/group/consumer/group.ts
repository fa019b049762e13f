/**
 * A group of the consumer protocol (KIP-848).
 */
import type { Group } from "../group.ts";

export interface ConsumerGroup extends Group {
  readonly type: "consumer";
}
