/**
 * AlterConfigs (33). Replaces all configs that resources (topics, brokers, client metrics, groups) have of their own,
 * those not named included; clients that know better use IncrementalAlterConfigs. Each resource answers for itself;
 * the controller does the work. Versions: 1 as 0; 2 is flexible.
 */
import { AlterConfigsRequest, AlterConfigsResponse } from "../protocol/messages/alter-configs.ts";
import { alteredResource } from "./altered-resource.ts";
import { api } from "./api.ts";

export const alterConfigs = api(AlterConfigsRequest, AlterConfigsResponse, {
  handle({ resources, validateOnly }, { broker }) {
    const replacements = resources.map(({ resourceType, resourceName, configs }) => ({
      type: resourceType,
      name: resourceName,
      configs,
    }));
    const results = broker.metadata.controller.alterConfigs(replacements, { validateOnly });
    const responses = results.map(({ type, name, error }) =>
      alteredResource({ resourceType: type, resourceName: name }, error),
    );
    return { throttleTimeMs: 0, responses };
  },
  fail: ({ resources }, error) => ({
    throttleTimeMs: 0,
    responses: resources.map((resource) => alteredResource(resource, error)),
  }),
});
