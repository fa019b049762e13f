/**
 * DescribeProducers (61). The producers that partitions remember, and the transactions they have open there (KIP-664).
 */
import { invalidTopicName } from "../metadata/controller/topic-names.ts";
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
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
    topics: topics.map((topic) => ({
      name: topic.name,
      partitions: topic.partitionIndexes.map((index) =>
        answerElement(
          `DescribeProducers of ${topic.name}-${index}`,
          context,
          () => described(topic, index, context),
          (error) => failed(index, error),
        ),
      ),
    })),
  }),
  fail: ({ topics }, error) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => failed(index, error)),
    })),
  }),
});

function described({ name }: Topic, partitionIndex: number, { broker }: RequestContext): Described {
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) throw invalid;
  const { replicas } = broker;
  const { log } = replicas.leader(replicas.topicByName(name), partitionIndex);
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

function failed(partitionIndex: number, { code, message }: KafkaError): Described {
  return { partitionIndex, errorCode: code, errorMessage: message, activeProducers: [] };
}
