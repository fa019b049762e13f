/** CreateAcls (30). Adds access rules. */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const CreateAclsRequest = request(
  "CreateAclsRequest",
  { key: 30, versions: "1-3", flexible: "2+" },
  () => ({
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8({ default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  }),
);

export const CreateAclsResponse = response(
  "CreateAclsResponse",
  { key: 30, versions: "1-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "1+" }),
    }),
  }),
);
