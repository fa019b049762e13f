/** ApiVersions (18). What a broker can do: APIs with their versions, and feature levels. 3 names the client's software (KIP-511); 5 says which cluster and node it meant to reach. */
import { array, boolean, int16, int32, int64, request, response, string } from "../schema.ts";

export const ApiVersionsRequest = request(
  "ApiVersionsRequest",
  { key: 18, versions: "0-5", flexible: "3+" },
  () => ({
    clientSoftwareName: string({ versions: "3+" }),
    clientSoftwareVersion: string({ versions: "3+" }),
    clusterId: string({ versions: "5+", nullable: "5+", default: null }),
    nodeId: int32({ versions: "5+", default: -1 }),
  }),
);

export const ApiVersionsResponse = response(
  "ApiVersionsResponse",
  { key: 18, versions: "0-5", flexible: "3+" },
  () => ({
    errorCode: int16(),
    apiKeys: array({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ versions: "1+" }),
    supportedFeatures: array(
      {
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      },
      { versions: "3+", tag: 0 },
    ),
    finalizedFeaturesEpoch: int64({ versions: "3+", tag: 1, default: -1n }),
    finalizedFeatures: array(
      {
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      },
      { versions: "3+", tag: 2 },
    ),
    zkMigrationReady: boolean({ versions: "3+", tag: 3 }),
  }),
);
