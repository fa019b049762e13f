/**
 * AlterConfigs and IncrementalAlterConfigs: which resources may be changed as asked, and the records of what is
 * different then. Resources are taken one by one: one that is refused doesn't hold up the others.
 */
import {
  type AlteredConfigs,
  alterConfigs,
  ConfigOperation,
  type ConfigOperationRequest,
  ConfigResourceType,
  replaceConfigs,
} from "../../config/alter.ts";
import { KafkaError } from "../../protocol/errors.ts";
import type { ConfigResourceKey } from "../image/change.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import { asKafkaError, checkConfigChanges, configRecords } from "./config-records.ts";
import { type ControllerEnvironment, MAX_RECORDS, type Outcome } from "./outcome.ts";
import { invalidTopicName } from "./topic-names.ts";

/** A resource and the operations on its configs (KIP-339). */
export interface IncrementalAlteration extends ConfigResourceKey {
  readonly operations: readonly ConfigOperationRequest[];
}

/** A resource and all configs that it is to have. */
export interface Replacement extends ConfigResourceKey {
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface AlterConfigsResult extends ConfigResourceKey {
  readonly error: KafkaError | undefined;
}

/** Changes single configs. Answers for each resource in the order asked. */
export function incrementalAlterConfigs(
  image: ClusterImage,
  { config }: ControllerEnvironment,
  resources: readonly IncrementalAlteration[],
): Outcome<AlterConfigsResult[]> {
  return alterEach(image, resources, (resource, current) => {
    checkSubscription(resource);
    return alterConfigs(config, resource, current, resource.operations);
  });
}

/** Kafka's controller doesn't know which configs of client metrics are lists, and takes none for one. */
function checkSubscription({ type, operations }: IncrementalAlteration): void {
  if (type !== ConfigResourceType.CLIENT_METRICS) return;
  for (const { name, operation, value } of operations) {
    const words = { [ConfigOperation.APPEND]: "APPEND", [ConfigOperation.SUBTRACT]: "SUBTRACT" }[operation];
    if (words === undefined || value === null) continue;
    const message = `Can't ${words} to key ${name} because its type is not LIST.`;
    throw new KafkaError("INVALID_CONFIG", message);
  }
}

/** Puts the configs given in the place of all that the resources have. Answers for each in the order asked. */
export function replaceAllConfigs(
  image: ClusterImage,
  { config }: ControllerEnvironment,
  resources: readonly Replacement[],
): Outcome<AlterConfigsResult[]> {
  return alterEach(image, resources, (resource, current) =>
    replaceConfigs(config, resource, current, resource.configs),
  );
}

function alterEach<R extends ConfigResourceKey>(
  image: ClusterImage,
  resources: readonly R[],
  alter: (resource: R, current: ReadonlyMap<string, string>) => AlteredConfigs,
): Outcome<AlterConfigsResult[]> {
  const records: NewMetadataRecord[] = [];
  const twice = resourcesGivenTwice(resources);
  const reply = resources.map((resource): AlterConfigsResult => {
    const { type, name } = resource;
    try {
      if (twice.has(`${type}:${name}`)) {
        throw new KafkaError("INVALID_REQUEST", "Each resource must appear at most once.");
      }
      if (type === ConfigResourceType.TOPIC) checkTopicName(name);
      const { changes } = alter(resource, image.configs(type, name));
      checkConfigChanges(image, { type, name }, changes);
      checkExists(image, { type, name });
      records.push(...configRecords(image, { type, name }, changes));
      return { type, name, error: undefined };
    } catch (error) {
      return { type, name, error: asKafkaError(error) };
    }
  });
  if (records.length <= MAX_RECORDS) return { records, reply };
  const message = "Unable to perform excessively large batch operation.";
  const error = new KafkaError("POLICY_VIOLATION", message);
  return { records: [], reply: reply.map(({ type, name }) => ({ type, name, error })) };
}

function resourcesGivenTwice(resources: readonly ConfigResourceKey[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { type, name } of resources) {
    const key = `${type}:${name}`;
    (seen.has(key) ? twice : seen).add(key);
  }
  return twice;
}

function checkTopicName(name: string): void {
  if (name === "") throw new KafkaError("INVALID_REQUEST", "Default topic resources are not allowed.");
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) throw invalid;
}

function checkExists(image: ClusterImage, { type, name }: ConfigResourceKey): void {
  if (type !== ConfigResourceType.TOPIC || image.topicByName(name) !== undefined) return;
  throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `The topic '${name}' does not exist.`);
}
