/**
 * CreatePartitions: more partitions for topics that there are (KIP-195).
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { TopicImage } from "../image/topic-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import {
  type Assignment,
  checkManualAssignment,
  DirectoryChooser,
  partitionRecord,
  placeReplicas,
} from "./assignment.ts";
import { asKafkaError } from "./config-records.ts";
import { type ControllerEnvironment, MAX_RECORDS, type Outcome } from "./outcome.ts";

/** A topic as CreatePartitions asks for it. */
export interface PartitionsRequest {
  readonly name: string;
  /** How many partitions the topic is to have in all. */
  readonly count: number;
  /** The brokers of each new partition; null to leave that to the controller. */
  readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null;
}

export interface CreatePartitionsResult {
  readonly name: string;
  readonly error: KafkaError | undefined;
}

/** Answers for each topic once: first for names that stood twice, then in the order asked. */
export function createPartitions(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topics: readonly PartitionsRequest[],
): Outcome<CreatePartitionsResult[]> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of topics) (seen.has(name) ? twice : seen).add(name);
  const refused = [...twice].map((name) => ({
    name,
    error: new KafkaError("INVALID_REQUEST", "Duplicate topic name."),
  }));
  const candidates = topics.filter(({ name }) => !twice.has(name));
  const chooser = new DirectoryChooser(image, environment);
  const records: NewMetadataRecord[] = [];
  const results = candidates.map((topic): CreatePartitionsResult => {
    try {
      records.push(...newPartitions(image, environment, topic, chooser));
      return { name: topic.name, error: undefined };
    } catch (error) {
      return { name: topic.name, error: asKafkaError(error) };
    }
  });
  if (records.length <= MAX_RECORDS) return { records, reply: [...refused, ...results] };
  const message = "Unable to perform excessively large batch operation.";
  const error = new KafkaError("POLICY_VIOLATION", message);
  return { records: [], reply: [...refused, ...candidates.map(({ name }) => ({ name, error }))] };
}

function newPartitions(
  image: ClusterImage,
  environment: ControllerEnvironment,
  request: PartitionsRequest,
  chooser: DirectoryChooser,
): NewMetadataRecord[] {
  const topic = image.topicByName(request.name);
  if (topic === undefined) {
    // Kafka says no more than the code here.
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "");
  }
  const assignments = assignmentsOf(image, environment, topic, request);
  return assignments.map((assignment) => partitionRecord(image, environment, topic.id, assignment, chooser));
}

function assignmentsOf(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topic: TopicImage,
  { name, count, assignments }: PartitionsRequest,
): Assignment[] {
  const from = topic.partitions.length;
  const additional = additionalPartitions(name, from, count);
  const factor = topic.partitions[0]?.replicas.length ?? 1;
  if (assignments === null) return placeReplicas(environment, from, additional, factor);
  if (assignments.length !== additional) {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) ` +
        "were specified.",
    );
  }
  return assignments.map(({ brokerIds: replicas }, position) => {
    const assignment = { index: from + position, replicas };
    checkManualAssignment(image, environment, assignment, factor);
    return assignment;
  });
}

function additionalPartitions(name: string, before: number, count: number): number {
  if (count === before) {
    throw new KafkaError("INVALID_PARTITIONS", `Topic already has ${before} partition(s).`);
  }
  if (count < before) {
    throw new KafkaError(
      "INVALID_PARTITIONS",
      `The topic ${name} currently has ${before} partition(s); ${count} would not be an increase.`,
    );
  }
  if (count - before <= MAX_RECORDS) return count - before;
  const message = "Excessively large number of additional partitions per request.";
  throw new KafkaError("POLICY_VIOLATION", message);
}
