/** DeleteAcls (31). Removes the access rules that match filters. */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const DeleteAclsRequest = request(
  "DeleteAclsRequest",
  { key: 31, versions: "1-3", flexible: "2+" },
  () => ({
    filters: array({
      resourceTypeFilter: int8(),
      resourceNameFilter: string({ nullable: "1+" }),
      patternTypeFilter: int8({ default: 3 }),
      principalFilter: string({ nullable: "1+" }),
      hostFilter: string({ nullable: "1+" }),
      operation: int8(),
      permissionType: int8(),
    }),
  }),
);

export const DeleteAclsResponse = response(
  "DeleteAclsResponse",
  { key: 31, versions: "1-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    filterResults: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "1+" }),
      matchingAcls: array({
        errorCode: int16(),
        errorMessage: string({ nullable: "1+" }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  }),
);
