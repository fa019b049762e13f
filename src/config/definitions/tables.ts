/**
 * All definitions, and finding one by its name.
 */
import type { Definition } from "../definition.ts";
import { consumerGroupDefinitions, groupCoordinatorDefinitions } from "./broker/groups.ts";
import { houskaDefinitions } from "./broker/houska.ts";
import { identityDefinitions } from "./broker/identity.ts";
import { cleanerDefinitions, logDefinitions } from "./broker/log.ts";
import { metricsDefinitions } from "./broker/metrics-and-quotas.ts";
import { networkDefinitions } from "./broker/network.ts";
import { remoteStorageDefinitions } from "./broker/remote-storage.ts";
import { dynamicOnlyDefinitions, replicationDefinitions } from "./broker/replication.ts";
import { securityDefinitions } from "./broker/security.ts";
import { shareDefinitions, streamsDefinitions } from "./broker/share-and-streams-groups.ts";
import { topicsDefinitions } from "./broker/topics.ts";
import { transactionDefinitions } from "./broker/transactions.ts";
import { clientMetricsDefinitions } from "./client-metrics.ts";
import { groupDefinitions } from "./group.ts";
import { topicDefinitions } from "./topic.ts";

/** Every broker config of Kafka 4.4.0 that a properties file may hold. */
export const brokerDefinitions = [
  ...identityDefinitions,
  ...networkDefinitions,
  ...topicsDefinitions,
  ...logDefinitions,
  ...cleanerDefinitions,
  ...replicationDefinitions,
  ...groupCoordinatorDefinitions,
  ...consumerGroupDefinitions,
  ...shareDefinitions,
  ...streamsDefinitions,
  ...transactionDefinitions,
  ...securityDefinitions,
  ...remoteStorageDefinitions,
  ...metricsDefinitions,
];

/** Those of a properties file, Houska's own included. */
export const settableDefinitions = [...brokerDefinitions, ...houskaDefinitions];

export type BrokerDefinition = (typeof settableDefinitions)[number];

const byName = (definitions: readonly Definition[]) =>
  new Map(definitions.map((definition) => [definition.name, definition]));

export const brokerConfigs: ReadonlyMap<string, Definition> = byName(settableDefinitions);
export const topicConfigs: ReadonlyMap<string, Definition> = byName(topicDefinitions);
export const groupConfigs: ReadonlyMap<string, Definition> = byName(groupDefinitions);
export const clientMetricsConfigs: ReadonlyMap<string, Definition> = byName(clientMetricsDefinitions);

const dynamicOnlyConfigs = byName(dynamicOnlyDefinitions);

/** The definition of a broker config, those included that exist only as dynamic ones. */
export const brokerConfig = (name: string): Definition | undefined =>
  brokerConfigs.get(name) ?? dynamicOnlyConfigs.get(name);

export { groupDefinitions, topicDefinitions };
