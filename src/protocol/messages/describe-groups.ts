/** DescribeGroups (15). What classic groups look like from inside. 6 tells a missing group by an error (KIP-1043). */
import { array, boolean, bytes, int16, int32, request, response, string } from "../schema.ts";

export const DescribeGroupsRequest = request(
  "DescribeGroupsRequest",
  { key: 15, versions: "0-6", flexible: "5+" },
  () => ({
    groups: array(string()),
    includeAuthorizedOperations: boolean({ versions: "3+" }),
  }),
);

export const DescribeGroupsResponse = response(
  "DescribeGroupsResponse",
  { key: 15, versions: "0-6", flexible: "5+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ versions: "6+", nullable: "6+", default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array({
        memberId: string(),
        groupInstanceId: string({ versions: "4+", nullable: "4+", default: null }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32({ versions: "3+", default: -2147483648 }),
    }),
  }),
);
