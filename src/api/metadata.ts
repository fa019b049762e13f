/**
 * Metadata (3). Brokers, topics and partitions, as clients need them to find leaders. Versions: 0 takes no topics for
 * all of them, later ones null; 4 may forbid to create what isn't there; 5 tells offline replicas; 7 leader epochs; 8
 * the operations a client may do (KIP-430), of the cluster up to 10; 12 takes topic ids (KIP-516); 13 can send a
 * client to look for its cluster anew (KIP-1102), for which one broker has no reason.
 *
 * librdkafka asks for all topics with four bytes of null where one is due, from version 9 on, so that three bytes too many
 * follow (its issue 5049). Apache Kafka overlooks what follows a request; here it is overlooked in this one.
 *
 * Where topics are created because somebody asks for them, the answer already has their leaders. Apache Kafka
 * answers UNKNOWN_TOPIC_OR_PARTITION first and lets the client ask again.
 */
import type { TopicImage } from "../metadata/image/cluster-image.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { MetadataRequest, MetadataResponse } from "../protocol/messages/metadata.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import { clusterOperations, OPERATIONS_NOT_ASKED, topicOperations } from "./authorized-operations.ts";
import { createAutomatically } from "./automatic-topics.ts";
import type { RequestContext } from "./context.ts";
import { isInternalTopic } from "./internal-topics.ts";
import { liveBrokers } from "./live-brokers.ts";
import { oldPartitionState, partitionState } from "./partition-state.ts";
import { unknownTopicCode } from "./unknown-topic.ts";

type Request = Decoded<typeof MetadataRequest>;
type Topic = Encodable<typeof MetadataResponse>["topics"][number];

const FIRST_VERSION_WITH_IDS = 12;

export const metadata = api(MetadataRequest, MetadataResponse, {
  ignoresTrailingBytes: true,
  handle(request, context) {
    const { config, metadata } = context.broker;
    return {
      throttleTimeMs: 0,
      topics: topicsOf(request, context),
      brokers: [...liveBrokers(context)],
      clusterId: metadata.image.clusterId,
      controllerId: config().nodeId,
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? clusterOperations
        : OPERATIONS_NOT_ASKED,
    };
  },
  fail: ({ topics }, { code }) => ({
    throttleTimeMs: 0,
    brokers: [],
    // Not every version has null for a name.
    topics: (topics ?? []).map(({ name, topicId }) => failed(name ?? "", topicId, code)),
    errorCode: code,
  }),
});

function topicsOf(request: Request, context: RequestContext): Topic[] {
  const describe = (topic: TopicImage) => described(topic, request, context);
  if (asksForAll(request, context)) return [...context.broker.metadata.image.topics()].map(describe);
  const topics = request.topics ?? [];
  checkNames(topics, context);
  const ids = new Set(topics.map(({ topicId }) => topicId));
  ids.delete(ZERO_UUID);
  // As in Kafka: once a topic is asked for by id, names say nothing.
  if (ids.size > 0) return [...ids].map((id) => topicById(id, context, describe));
  return topicsByName([...new Set(topics.map(({ name }) => name ?? ""))], request, context, describe);
}

function asksForAll({ topics }: Request, { apiVersion }: RequestContext): boolean {
  return topics === null || (apiVersion === 0 && topics.length === 0);
}

function checkNames(topics: NonNullable<Request["topics"]>, { apiVersion }: RequestContext): void {
  for (const { name, topicId } of topics) {
    if (apiVersion < FIRST_VERSION_WITH_IDS && topicId !== ZERO_UUID) {
      throw new KafkaError(
        "INVALID_REQUEST",
        `Topic IDs are not supported in requests for version ${apiVersion}`,
      );
    }
    if (name === null && (apiVersion < FIRST_VERSION_WITH_IDS || topicId === ZERO_UUID)) {
      throw new KafkaError("INVALID_REQUEST", `Topic name can not be null for version ${apiVersion}`);
    }
  }
}

function topicById(id: Uuid, { broker }: RequestContext, describe: (topic: TopicImage) => Topic): Topic {
  const topic = broker.metadata.image.topicById(id);
  return topic === undefined ? failed(null, id, ErrorCode.UNKNOWN_TOPIC_ID) : describe(topic);
}

function topicsByName(
  names: readonly string[],
  request: Request,
  context: RequestContext,
  describe: (topic: TopicImage) => Topic,
): Topic[] {
  const { config, metadata } = context.broker;
  const { image } = metadata;
  const mayCreate = request.allowAutoTopicCreation && config().autoCreateTopicsEnable;
  const missing = names.filter((name) => image.topicByName(name) === undefined);
  const creatable = mayCreate
    ? missing.filter((name) => unknownTopicCode(name) === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    : [];
  const failures = createAutomatically(creatable, context);
  return names.map((name) => {
    const topic = image.topicByName(name);
    if (topic !== undefined) return describe(topic);
    return {
      ...failed(name, ZERO_UUID, failures.get(name) ?? unknownTopicCode(name)),
      isInternal: isInternalTopic(name),
      topicAuthorizedOperations: operationsAsked(request),
    };
  });
}

function described(topic: TopicImage, request: Request, { apiVersion, broker }: RequestContext): Topic {
  const { nodeId } = broker.config();
  const stateOf = apiVersion === 0 ? oldPartitionState : partitionState;
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition) => stateOf(partition, nodeId)),
    topicAuthorizedOperations: operationsAsked(request),
  };
}

function operationsAsked({ includeTopicAuthorizedOperations }: Request): number {
  return includeTopicAuthorizedOperations ? topicOperations : OPERATIONS_NOT_ASKED;
}

function failed(name: string | null, topicId: Uuid, errorCode: number): Topic {
  return { errorCode, name, topicId, isInternal: false, partitions: [] };
}
