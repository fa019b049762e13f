/** DescribeConfigs (32). The configs of topics, brokers and groups. 1 adds synonyms (KIP-226), 3 documentation (KIP-569). */
import { array, boolean, int8, int16, int32, request, response, string } from "../schema.ts";

export const DescribeConfigsRequest = request(
  "DescribeConfigsRequest",
  { key: 32, versions: "1-4", flexible: "4+" },
  () => ({
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), { nullable: "1+" }),
    }),
    includeSynonyms: boolean(),
    includeDocumentation: boolean({ versions: "3+" }),
  }),
);

export const DescribeConfigsResponse = response(
  "DescribeConfigsResponse",
  { key: 32, versions: "1-4", flexible: "4+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "1+" }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string({ nullable: "1+" }),
        readOnly: boolean(),
        configSource: int8({ default: -1 }),
        isSensitive: boolean(),
        synonyms: array({
          name: string(),
          value: string({ nullable: "1+" }),
          source: int8(),
        }),
        configType: int8({ versions: "3+" }),
        documentation: string({ versions: "3+", nullable: "3+" }),
      }),
    }),
  }),
);
