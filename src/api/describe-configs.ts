/**
 * DescribeConfigs (32). The configs of topics, brokers, groups and client metrics, with where each value comes from.
 * Versions: 1 adds the values that would count otherwise (synonyms, KIP-226); 3 types and documentation (KIP-569);
 * 4 is flexible. A broker named "" stands for the dynamic defaults of all brokers.
 */
import { ConfigResourceType } from "../config/alter.ts";
import {
  type ConfigEntry,
  type ConfigNames,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeClusterDefaultConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from "../config/describe.ts";
import { invalidTopicName } from "../metadata/controller/topic-names.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { DescribeConfigsRequest, DescribeConfigsResponse } from "../protocol/messages/describe-configs.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import { brokerId, describeLoggers } from "./broker-loggers.ts";
import type { BrokerParts, RequestContext } from "./context.ts";
import { answerElement } from "./elements.ts";

type Request = Decoded<typeof DescribeConfigsRequest>;
type Resource = Request["resources"][number];
type Result = Encodable<typeof DescribeConfigsResponse>["results"][number];

/** Configs in one answer: those of 14,000 topics. A small request that names a resource again and again asks for gigabytes. */
const MAX_CONFIGS = 500_000;

const knownTypes: readonly number[] = Object.values(ConfigResourceType);

export const describeConfigs = api(DescribeConfigsRequest, DescribeConfigsResponse, {
  handle(request, context) {
    for (const { resourceType, resourceName } of request.resources) {
      if (knownTypes.includes(resourceType)) continue;
      throw invalidRequest(`Unexpected resource type ${resourceType} for resource ${resourceName}`);
    }
    let count = 0;
    const results = request.resources.map((resource) => {
      if (count >= MAX_CONFIGS) return failed(resource, tooMany);
      const result = describe(resource, request, context);
      count += result.configs.length;
      return result;
    });
    return { throttleTimeMs: 0, results };
  },
  fail: ({ resources }, error) => ({
    throttleTimeMs: 0,
    results: resources.map((resource) => failed(resource, error)),
  }),
});

function describe(resource: Resource, request: Request, context: RequestContext): Result {
  return answerElement(
    `DescribeConfigs of resource ${resource.resourceType} '${resource.resourceName}'`,
    context,
    () => {
      const entries = entriesOf(resource, context.broker);
      // An unknown topic has a code and no words, as in Kafka.
      if (entries === null)
        return failed(resource, { code: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message: "" });
      return {
        errorCode: ErrorCode.NONE,
        errorMessage: "",
        resourceType: resource.resourceType,
        resourceName: resource.resourceName,
        configs: entries.map((entry) => asAskedFor(entry, request)),
      };
    },
    (error) => failed(resource, error),
  );
}

/** The configs of a resource; null for a topic that isn't there. */
function entriesOf(resource: Resource, { config, metadata }: BrokerParts): ConfigEntry[] | null {
  const { resourceType, resourceName: name, configurationKeys: keys } = resource;
  const { image } = metadata;
  const server = config();
  switch (resourceType) {
    case ConfigResourceType.TOPIC: {
      const invalid = invalidTopicName(name);
      if (invalid !== undefined) throw invalid;
      if (image.topicByName(name) === undefined) return null;
      return describeTopicConfigs(server, image.configs(resourceType, name), keys);
    }
    case ConfigResourceType.BROKER:
      return brokerEntries(name, keys, server);
    case ConfigResourceType.BROKER_LOGGER:
      return describeLoggers(name, server.nodeId);
    case ConfigResourceType.CLIENT_METRICS:
      if (name === "") throw invalidRequest("Client metrics subscription name must not be empty");
      return describeClientMetricsConfigs(image.configs(resourceType, name), keys);
    default:
      if (name === "") throw invalidRequest("Group name must not be empty");
      return describeGroupConfigs(server, image.configs(resourceType, name), keys);
  }
}

function brokerEntries(
  name: string,
  keys: ConfigNames,
  server: ReturnType<BrokerParts["config"]>,
): ConfigEntry[] {
  if (name === "") return describeClusterDefaultConfigs(server, keys);
  if (brokerId(name, "Broker") === server.nodeId) return describeBrokerConfigs(server, keys);
  throw invalidRequest(
    `Unexpected broker id, expected ${server.nodeId} or empty string, but received ${name}`,
  );
}

function asAskedFor(entry: ConfigEntry, { includeSynonyms, includeDocumentation }: Request) {
  return {
    ...entry,
    synonyms: includeSynonyms ? entry.synonyms : [],
    documentation: includeDocumentation ? entry.documentation : null,
  };
}

function failed(resource: Resource, { code, message }: { code: ErrorCode; message: string }): Result {
  return {
    errorCode: code,
    errorMessage: message,
    resourceType: resource.resourceType,
    resourceName: resource.resourceName,
    configs: [],
  };
}

const tooMany = invalidRequest(
  `An answer has no more than ${MAX_CONFIGS} configs. Ask for fewer resources at a time.`,
);

function invalidRequest(message: string): KafkaError {
  return new KafkaError("INVALID_REQUEST", message);
}
