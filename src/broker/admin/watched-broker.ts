/**
 * The parts of a broker that its metrics and its health are read from.
 */
import type { BrokerParts } from "../../api/context.ts";
import type { Disk } from "../../disk/disk.ts";
import type { LogManager } from "../../log/log-manager.ts";
import type { Listener } from "../../net/listener.ts";
import type { TopicConfigs } from "../topic-configs.ts";

export interface WatchedBroker {
  readonly parts: BrokerParts;
  readonly logs: LogManager;
  readonly topicConfigs: TopicConfigs;
  readonly listeners: readonly Listener[];
  readonly disk: Disk;
}

/** How far a broker is, with the numbers that Kafka has for it. */
export const BrokerState = { starting: 1, recovering: 2, running: 3, stopping: 6 } as const;
export type BrokerState = keyof typeof BrokerState;
