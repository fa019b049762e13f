/**
 * ListConfigResources (74). The resources whose configs can be described, of the types asked for or of all
 * (KIP-1142). Topics and brokers are listed with or without configs of their own, groups and client metrics with.
 * Version 0 lists client metrics (KIP-714). Loggers are not listed: they have no levels of their own here.
 */
import { ConfigResourceType } from "../config/alter.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../protocol/messages/list-config-resources.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";

interface Resource {
  readonly resourceName: string;
  readonly resourceType: number;
}

const allTypes: readonly number[] = Object.values(ConfigResourceType);

export const listConfigResources = api(ListConfigResourcesRequest, ListConfigResourcesResponse, {
  handle({ resourceTypes }, context) {
    const types = new Set(resourceTypes.length > 0 ? resourceTypes : typesOfVersion(context.apiVersion));
    for (const type of types) {
      if (!allTypes.includes(type)) {
        throw new KafkaError("UNSUPPORTED_VERSION", `Resource type ${type} is not known.`);
      }
    }
    const configResources = [...types].flatMap((type) => [...resourcesOf(type, context)]);
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, configResources };
  },
  fail: (_request, { code }) => ({ throttleTimeMs: 0, errorCode: code, configResources: [] }),
});

function typesOfVersion(apiVersion: number): readonly number[] {
  return apiVersion === 0 ? [ConfigResourceType.CLIENT_METRICS] : allTypes;
}

function* resourcesOf(resourceType: number, { broker }: RequestContext): Generator<Resource> {
  const { image } = broker.metadata;
  switch (resourceType) {
    case ConfigResourceType.TOPIC:
      for (const resourceName of image.topicNames()) yield { resourceName, resourceType };
      break;
    case ConfigResourceType.BROKER:
      yield { resourceName: String(broker.config().nodeId), resourceType };
      break;
    case ConfigResourceType.GROUP:
    case ConfigResourceType.CLIENT_METRICS:
      for (const { type, name } of image.configResources()) {
        if (type === resourceType) yield { resourceName: name, resourceType };
      }
      break;
  }
}
