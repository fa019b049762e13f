/** AlterConfigs (33). Replaces all configs of a resource. */
import { array, boolean, int8, int16, int32, request, response, string } from "../schema.ts";

export const AlterConfigsRequest = request(
  "AlterConfigsRequest",
  { key: 33, versions: "0-2", flexible: "2+" },
  () => ({
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string({ nullable: "0+" }),
      }),
    }),
    validateOnly: boolean(),
  }),
);

export const AlterConfigsResponse = response(
  "AlterConfigsResponse",
  { key: 33, versions: "0-2", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    responses: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      resourceType: int8(),
      resourceName: string(),
    }),
  }),
);
