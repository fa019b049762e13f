/**
 * What the tools ask of configs.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient, Target } from "../../../client/client.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../protocol/messages/describe-configs.ts";
import type { Decoded } from "../../../protocol/schema.ts";

/** The codes of ConfigResource.Type. */
export const ResourceType = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const;

/** The codes of DescribeConfigsResponse.ConfigSource. */
export const ConfigSource = {
  default: 5,
} as const;

export interface Resource {
  readonly type: number;
  readonly name: string;
}

type DescribedConfigs = Decoded<typeof DescribeConfigsResponse>["results"][number];
export type DescribedConfig = DescribedConfigs["configs"][number];

/** The configs of resources, in the resources' order. Rejects with a KafkaError. */
export async function describeConfigs(
  client: KafkaClient,
  resources: readonly Resource[],
  synonyms = false,
  target: Target = "any",
): Promise<DescribedConfig[][]> {
  if (resources.length === 0) return [];
  const { results } = await client.send(target, DescribeConfigsRequest, DescribeConfigsResponse, {
    resources: resources.map(({ type, name }) => ({
      resourceType: type,
      resourceName: name,
      configurationKeys: null,
    })),
    includeSynonyms: synonyms,
  });
  for (const { errorCode, errorMessage } of results) checkError(errorCode, errorMessage);
  return resources.map(
    ({ type, name }) =>
      results.find((result) => result.resourceType === type && result.resourceName === name)?.configs ?? [],
  );
}
