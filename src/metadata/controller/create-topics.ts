/**
 * CreateTopics: which of the topics can be created, and the records that create them, as Kafka's controller writes
 * them (ReplicationControlManager): the topic, its configs, its partitions.
 */
import { alterConfigs, ConfigOperation, ConfigResourceType } from "../../config/alter.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { randomUuid, type Uuid } from "../../protocol/uuid.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import {
  type Assignment,
  checkManualAssignment,
  DirectoryChooser,
  partitionRecord,
  placeReplicas,
} from "./assignment.ts";
import { asKafkaError, configRecords } from "./config-records.ts";
import { type ControllerEnvironment, MAX_RECORDS, type Outcome } from "./outcome.ts";
import { CLUSTER_METADATA_TOPIC, invalidTopicName } from "./topic-names.ts";

/** A topic as CreateTopics asks for it. */
export interface NewTopic {
  readonly name: string;
  /** −1 for num.partitions of the broker, or with assignments. */
  readonly numPartitions: number;
  /** −1 for default.replication.factor of the broker, or with assignments. */
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export type CreateTopicResult =
  | { readonly name: string; readonly error: KafkaError }
  | {
      readonly name: string;
      readonly error: undefined;
      /** Random; of no meaning when the request only wanted to know. */
      readonly topicId: Uuid;
      readonly numPartitions: number;
      readonly replicationFactor: number;
      /** The configs the topic has of its own. */
      readonly configs: ReadonlyMap<string, string>;
    };

type Created = Extract<CreateTopicResult, { error: undefined }>;

/**
 * Answers for each topic once: those that may be looked at in the order asked, then names that stood twice and the
 * metadata log's own, as Kafka does.
 */
export function createTopics(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topics: readonly NewTopic[],
): Outcome<CreateTopicResult[]> {
  const { candidates, refused } = withoutForbidden(topics);
  const tooMany = excess(environment, candidates);
  if (tooMany !== undefined) return { records: [], reply: [...all(candidates, tooMany), ...refused] };
  const chooser = new DirectoryChooser(image, environment);
  const records: NewMetadataRecord[] = [];
  const results = candidates.map((topic): CreateTopicResult => {
    try {
      const created = createTopic(image, environment, topic, chooser);
      records.push(...created.records);
      return created.reply;
    } catch (error) {
      return { name: topic.name, error: asKafkaError(error) };
    }
  });
  if (records.length > MAX_RECORDS) {
    const error = policyViolation("Unable to perform excessively large batch operation.");
    return { records: [], reply: [...all(candidates, error), ...refused] };
  }
  return { records, reply: [...results, ...refused] };
}

function all(topics: readonly NewTopic[], error: KafkaError): CreateTopicResult[] {
  return topics.map(({ name }) => ({ name, error }));
}

function withoutForbidden(topics: readonly NewTopic[]): {
  candidates: NewTopic[];
  refused: CreateTopicResult[];
} {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of topics) (seen.has(name) ? twice : seen).add(name);
  const refused: CreateTopicResult[] = [...twice].map((name) => ({
    name,
    error: new KafkaError("INVALID_REQUEST", "Duplicate topic name."),
  }));
  if (seen.has(CLUSTER_METADATA_TOPIC) && !twice.has(CLUSTER_METADATA_TOPIC)) {
    const message = `Creation of internal topic ${CLUSTER_METADATA_TOPIC} is prohibited.`;
    refused.push({ name: CLUSTER_METADATA_TOPIC, error: new KafkaError("INVALID_REQUEST", message) });
  }
  const candidates = topics.filter(({ name }) => !twice.has(name) && name !== CLUSTER_METADATA_TOPIC);
  return { candidates, refused };
}

function excess({ config }: ControllerEnvironment, topics: readonly NewTopic[]): KafkaError | undefined {
  let total = 0;
  for (const { assignments, numPartitions } of topics) {
    const asked = numPartitions === -1 ? config.numPartitions : Math.max(0, numPartitions);
    total += assignments.length > 0 ? assignments.length : asked;
  }
  if (total <= MAX_RECORDS) return undefined;
  return policyViolation("Excessively large number of partitions per request.");
}

function policyViolation(message: string): KafkaError {
  return new KafkaError("POLICY_VIOLATION", message);
}

function createTopic(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topic: NewTopic,
  chooser: DirectoryChooser,
): Outcome<Created> {
  const { name } = topic;
  checkName(image, name);
  const configs = checkedConfigs(environment, topic);
  const assignments = assignmentsOf(image, environment, topic);
  const topicId = newTopicId(image, environment);
  const changes = new Map([...configs].map(([key, value]): [string, string | null] => [key, value]));
  const records: NewMetadataRecord[] = [
    { name: "TopicRecord", version: 0, message: { name, topicId } },
    ...configRecords(image, { type: ConfigResourceType.TOPIC, name }, changes),
    ...assignments.map((assignment) => partitionRecord(image, environment, topicId, assignment, chooser)),
  ];
  const replicationFactor = assignments[0]?.replicas.length ?? 0;
  const numPartitions = assignments.length;
  return { records, reply: { name, error: undefined, topicId, numPartitions, replicationFactor, configs } };
}

/** An id that no topic has: a log that gives one to two topics can't be read again. */
function newTopicId(image: ClusterImage, { random }: ControllerEnvironment): Uuid {
  for (;;) {
    const id = randomUuid(random);
    if (image.topicById(id) === undefined) return id;
  }
}

function checkName(image: ClusterImage, name: string): void {
  if (image.topicByName(name) !== undefined) {
    throw new KafkaError("TOPIC_ALREADY_EXISTS", `Topic '${name}' already exists.`);
  }
  const colliding = image.collidingTopic(name);
  if (colliding !== undefined) {
    const message = `Topic '${name}' collides with existing topic: ${colliding}`;
    throw new KafkaError("INVALID_TOPIC_EXCEPTION", message);
  }
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) throw invalid;
}

/** The topic's configs, of which the last counts where one stands twice. */
function checkedConfigs({ config }: ControllerEnvironment, topic: NewTopic): ReadonlyMap<string, string> {
  const nulls = topic.configs.filter(({ value }) => value === null).map(({ name }) => name);
  if (nulls.length > 0) {
    const message = `Null value not supported for topic configs: ${nulls.join(",")}`;
    throw new KafkaError("INVALID_CONFIG", message);
  }
  const wanted = new Map(topic.configs.map(({ name, value }) => [name, value]));
  if (wanted.size === 0) return new Map();
  const operations = [...wanted].map(([name, value]) => ({ name, operation: ConfigOperation.SET, value }));
  const resource = { type: ConfigResourceType.TOPIC, name: topic.name };
  return alterConfigs(config, resource, new Map(), operations).configs;
}

function assignmentsOf(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topic: NewTopic,
): readonly Assignment[] {
  const { numPartitions, replicationFactor } = topic;
  if (topic.assignments.length > 0) return manualAssignments(image, environment, topic);
  if (replicationFactor < -1 || replicationFactor === 0) {
    const message = "Replication factor must be larger than 0, or -1 to use the default value.";
    throw new KafkaError("INVALID_REPLICATION_FACTOR", message);
  }
  if (numPartitions < -1 || numPartitions === 0) {
    const message = "Number of partitions was set to an invalid non-positive value.";
    throw new KafkaError("INVALID_PARTITIONS", message);
  }
  const { config } = environment;
  const count = numPartitions === -1 ? config.numPartitions : numPartitions;
  const factor = replicationFactor === -1 ? config.defaultReplicationFactor : replicationFactor;
  return placeReplicas(environment, 0, count, factor);
}

function manualAssignments(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topic: NewTopic,
): Assignment[] {
  for (const [what, value] of [
    ["replication factor", topic.replicationFactor],
    ["numPartitions", topic.numPartitions],
  ]) {
    if (value === -1) continue;
    const message = `A manual partition assignment was specified, but ${what} was not set to -1.`;
    throw new KafkaError("INVALID_REQUEST", message);
  }
  const assigned = new Map<number, Assignment>();
  let factor: number | undefined;
  for (const { partitionIndex: index, brokerIds: replicas } of topic.assignments) {
    if (assigned.has(index)) {
      throw invalidAssignment(`Found multiple manual partition assignments for partition ${index}`);
    }
    checkManualAssignment(image, environment, { index, replicas }, factor);
    factor = replicas.length;
    assigned.set(index, { index, replicas });
  }
  return Array.from({ length: assigned.size }, (_, index) => {
    const assignment = assigned.get(index);
    if (assignment !== undefined) return assignment;
    throw invalidAssignment("partitions should be a consecutive 0-based integer sequence");
  });
}

function invalidAssignment(message: string): KafkaError {
  return new KafkaError("INVALID_REPLICA_ASSIGNMENT", message);
}
