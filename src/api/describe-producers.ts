/**
 * DescribeProducers (61). The producers that partitions remember, and the transactions they have open there (KIP-664).
 */
import { invalidTopicName } from "../metadata/controller/topic-names.ts";
import type { TopicImage } from "../metadata/image/cluster-image.ts";
import { ErrorCode } from "../protocol/errors.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../protocol/messages/describe-producers.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { answerElement } from "./elements.ts";

type Topic = Decoded<typeof DescribeProducersRequest>["topics"][number];
type Described = Encodable<typeof DescribeProducersResponse>["topics"][number]["partitions"][number];

export const describeProducers = api(DescribeProducersRequest, DescribeProducersResponse, {
  handle: ({ topics }, context) => ({
    throttleTimeMs: 0,
    topics: topics.map((topic) =>
      answerElement(
        `DescribeProducers of ${topic.name}`,
        context,
        () => describedTopic(topic, context),
        ({ code, message }) => failedTopic(topic, code, message),
      ),
    ),
  }),
  fail: ({ topics }, error) => ({
    throttleTimeMs: 0,
    topics: topics.map((topic) => failedTopic(topic, error.code, error.message)),
  }),
});

function describedTopic({ name, partitionIndexes }: Topic, context: RequestContext) {
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) throw invalid;
  const topic = context.broker.replicas.topicByName(name);
  const partitions = partitionIndexes.map((index) =>
    answerElement(
      `DescribeProducers of ${name}-${index}`,
      context,
      () => described(topic, index, context),
      ({ code }) => failed(index, code, null),
    ),
  );
  return { name, partitions };
}

function described(topic: TopicImage, partitionIndex: number, { broker }: RequestContext): Described {
  const { log } = broker.replicas.leader(topic, partitionIndex);
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    activeProducers: [...log.producers].map((producer) => ({
      producerId: producer.producerId,
      producerEpoch: producer.epoch,
      lastSequence: producer.lastSequence,
      lastTimestamp: producer.lastTimestamp,
      coordinatorEpoch: producer.coordinatorEpoch,
      currentTxnStartOffset: producer.currentTransactionFirstOffset,
    })),
  };
}

function failedTopic({ name, partitionIndexes }: Topic, errorCode: number, errorMessage: string) {
  return { name, partitions: partitionIndexes.map((index) => failed(index, errorCode, errorMessage)) };
}

function failed(partitionIndex: number, errorCode: number, errorMessage: string | null): Described {
  return { partitionIndex, errorCode, errorMessage, activeProducers: [] };
}
