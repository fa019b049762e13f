/** ListConfigResources (74). The resources that have configs of their own (KIP-1142); 0 lists client metrics (KIP-714). */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const ListConfigResourcesRequest = request(
  "ListConfigResourcesRequest",
  { key: 74, versions: "0-1", flexible: "0+" },
  () => ({
    resourceTypes: array(int8(), { versions: "1+" }),
  }),
);

export const ListConfigResourcesResponse = response(
  "ListConfigResourcesResponse",
  { key: 74, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array({
      resourceName: string(),
      resourceType: int8({ versions: "1+", default: 16 }),
    }),
  }),
);
