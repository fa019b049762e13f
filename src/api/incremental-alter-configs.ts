/**
 * IncrementalAlterConfigs (44). Sets, deletes, appends to and subtracts from single configs of resources (topics,
 * brokers, client metrics, groups) and leaves the rest alone (KIP-339). Each resource answers for itself; the
 * controller does the work. Versions: 1 is flexible.
 */
import { ConfigResourceType } from "../config/alter.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../protocol/messages/incremental-alter-configs.ts";
import type { Decoded } from "../protocol/schema.ts";
import { alteredResource } from "./altered-resource.ts";
import { api } from "./api.ts";
import { alterLoggers } from "./broker-loggers.ts";
import type { RequestContext } from "./context.ts";
import { answerElement } from "./elements.ts";

type Request = Decoded<typeof IncrementalAlterConfigsRequest>;
type Resource = Request["resources"][number];

export const incrementalAlterConfigs = api(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, {
  handle(request, context) {
    const altered = alter(request, context)[Symbol.iterator]();
    const responses = request.resources.map((resource) => {
      if (isLogger(resource)) return loggersAltered(resource, context);
      return alteredResource(resource, altered.next().value?.error);
    });
    return { throttleTimeMs: 0, responses };
  },
  fail: ({ resources }, error) => ({
    throttleTimeMs: 0,
    responses: resources.map((resource) => alteredResource(resource, error)),
  }),
});

const isLogger = ({ resourceType }: Resource) => resourceType === ConfigResourceType.BROKER_LOGGER;

/** The results of all resources but loggers, in their order. */
function alter({ resources, validateOnly }: Request, { broker }: RequestContext) {
  const alterations = resources
    .filter((resource) => !isLogger(resource))
    .map(({ resourceType, resourceName, configs }) => ({
      type: resourceType,
      name: resourceName,
      operations: configs.map(({ name, configOperation, value }) => ({
        name,
        operation: configOperation,
        value,
      })),
    }));
  return broker.metadata.controller.incrementalAlterConfigs(alterations, { validateOnly });
}

function loggersAltered(resource: Resource, context: RequestContext) {
  const { resourceName, configs } = resource;
  const loggers = configs.map(({ name }) => name);
  return answerElement(
    `IncrementalAlterConfigs of the loggers of broker '${resourceName}'`,
    context,
    () => {
      alterLoggers(resourceName, loggers, context.broker.config().nodeId);
      return alteredResource(resource);
    },
    (error) => alteredResource(resource, error),
  );
}
