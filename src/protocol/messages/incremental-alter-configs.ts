/** IncrementalAlterConfigs (44). Sets, deletes, appends to and subtracts from single configs (KIP-339). */
import { array, boolean, int8, int16, int32, request, response, string } from "../schema.ts";

export const IncrementalAlterConfigsRequest = request(
  "IncrementalAlterConfigsRequest",
  { key: 44, versions: "0-1", flexible: "1+" },
  () => ({
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        configOperation: int8(),
        value: string({ nullable: "0+" }),
      }),
    }),
    validateOnly: boolean(),
  }),
);

export const IncrementalAlterConfigsResponse = response(
  "IncrementalAlterConfigsResponse",
  { key: 44, versions: "0-1", flexible: "1+" },
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
