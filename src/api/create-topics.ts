/**
 * CreateTopics (19). Creates topics, or with `validateOnly` says whether they could be. Versions: 4 leaves numbers of
 * partitions and replicas to the broker (KIP-464), which is taken from older ones too; 5 tells what was created with
 * which configs (KIP-525); 7 the topic's id. Each topic answers for itself; the controller does the work.
 */
import { describeTopicConfigs } from "../config/describe.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { CreateTopicResult } from "../metadata/controller/create-topics.ts";
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../protocol/messages/create-topics.ts";
import type { Encodable } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";
import { checkTimeLeft } from "./request-timeout.ts";

type Topic = Encodable<typeof CreateTopicsResponse>["topics"][number];

const FIRST_VERSION_WITH_CONFIGS = 5;

export const createTopics = api(CreateTopicsRequest, CreateTopicsResponse, {
  handle({ topics, timeoutMs, validateOnly }, { apiVersion, broker }) {
    checkTimeLeft(timeoutMs);
    const config = broker.config();
    const results = broker.metadata.controller.createTopics(topics, { validateOnly });
    const withConfigs = apiVersion >= FIRST_VERSION_WITH_CONFIGS;
    return { throttleTimeMs: 0, topics: results.map((result) => answer(result, config, withConfigs)) };
  },
  fail: ({ topics }, error) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => failed(name, error)),
  }),
});

function answer(result: CreateTopicResult, config: ServerConfig, withConfigs: boolean): Topic {
  if (result.error !== undefined) return failed(result.name, result.error);
  const { name, topicId, numPartitions, replicationFactor, configs } = result;
  return {
    name,
    topicId,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    numPartitions,
    replicationFactor,
    configs: withConfigs ? describeTopicConfigs(config, configs) : [],
  };
}

function failed(name: string, error: KafkaError): Topic {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode: error.code,
    errorMessage: errorMessage(error),
    configs: [],
  };
}
