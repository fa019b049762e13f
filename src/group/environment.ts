/**
 * What the group coordinator needs from the broker around it. Everything is handed in: a test has its own.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { Timers } from "../coordinator/timers.ts";
import type { Logger } from "../observe/logger.ts";
import type { Uuid } from "../protocol/uuid.ts";
import type { GroupRecord } from "./record.ts";

/** The broker configs that groups act on, by the fields of ServerConfig. */
export type GroupConfig = Pick<
  ServerConfig,
  | "groupCoordinatorRebalanceProtocols"
  | "groupMinSessionTimeoutMs"
  | "groupMaxSessionTimeoutMs"
  | "groupInitialRebalanceDelayMs"
  | "groupMaxSize"
  | "groupConsumerMaxSize"
  | "groupConsumerAssignors"
  | "groupConsumerMigrationPolicy"
  | "groupConsumerRegexRefreshIntervalMs"
  | "offsetMetadataMaxBytes"
  | "offsetsRetentionMinutes"
  | "offsetsRetentionCheckIntervalMs"
>;

/** What a consumer group may have of its own (KIP-848), else the broker's. */
export interface ConsumerGroupConfig {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly assignmentIntervalMs: number;
}

/** A topic as groups see it. */
export interface TopicView {
  readonly name: string;
  readonly id: Uuid;
  readonly partitionCount: number;
  /** The racks of a partition's replicas, those brokers left out that have none. */
  racks(partition: number): readonly string[];
}

/** The cluster's topics. */
export interface TopicsView {
  byName(name: string): TopicView | undefined;
  byId(id: Uuid): TopicView | undefined;
  names(): Iterable<string>;
  /** Grows whenever topics come, go, or get partitions, and only then: what was computed from them may be cached by it. */
  readonly version: number;
}

export interface GroupEnvironment {
  /** As it is now: dynamic changes show here. */
  readonly config: GroupConfig;
  consumerGroupConfig(groupId: string): ConsumerGroupConfig;
  readonly topics: TopicsView;
  readonly timers: Timers<GroupRecord>;
  /** A random uuid in Kafka's form, 22 characters: the member ids of consumer groups. */
  newUuid(): Uuid;
  /** A random uuid in the form 8-4-4-4-12: what Kafka puts behind the client id to make a classic group's member id. */
  newHexUuid(): string;
  readonly logger: Logger;
}

/** Who sent a request. */
export interface Requester {
  /** "" where the client gave none. */
  readonly clientId: string;
  /** As Kafka tells it: a slash and the address. */
  readonly clientHost: string;
  readonly apiVersion: number;
}
