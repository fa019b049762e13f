/**
 * What a handler gets besides the request: who asks, and the parts of the broker.
 */
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { GroupCoordinator } from "../group/coordinator.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Logger } from "../observe/logger.ts";
import type { BrokerMetrics } from "../observe/metrics/broker-metrics.ts";
import type { TransactionCoordinator } from "../transaction/coordinator.ts";
import type { ApiTable } from "./api.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { DelayedFetches } from "./fetch/delayed-fetches.ts";
import type { FetchSessions } from "./fetch/sessions.ts";
import type { ProducerIds } from "./producer-ids.ts";
import type { Replicas } from "./replicas.ts";

/** The parts of the broker that handlers work with. */
export interface BrokerParts {
  /** The broker's configuration as it is now, dynamic changes included. */
  readonly config: () => ServerConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metadata: Metadata;
  readonly replicas: Replicas;
  readonly fetchSessions: FetchSessions;
  readonly delayedFetches: DelayedFetches;
  readonly producerIds: ProducerIds;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly apis: ApiTable;
  readonly metrics: BrokerMetrics;
}

/** One request's surroundings. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** When it arrived, by `performance.now()`; 0 where nobody wants to know. */
  readonly startedMs: number;
  readonly connection: ClientConnection;
  readonly broker: BrokerParts;
}
