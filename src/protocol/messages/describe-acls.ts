/** DescribeAcls (29). The access rules that match a filter. */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const DescribeAclsRequest = request(
  "DescribeAclsRequest",
  { key: 29, versions: "1-3", flexible: "2+" },
  () => ({
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: "1+" }),
    patternTypeFilter: int8({ default: 3 }),
    principalFilter: string({ nullable: "1+" }),
    hostFilter: string({ nullable: "1+" }),
    operation: int8(),
    permissionType: int8(),
  }),
);

export const DescribeAclsResponse = response(
  "DescribeAclsResponse",
  { key: 29, versions: "1-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "1+" }),
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ default: 3 }),
      acls: array({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  }),
);
