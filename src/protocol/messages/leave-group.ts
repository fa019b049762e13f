/** LeaveGroup (13). Takes members out of a classic group. 3 takes several (KIP-345); 5 a reason (KIP-800). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const LeaveGroupRequest = request(
  "LeaveGroupRequest",
  { key: 13, versions: "0-5", flexible: "4+" },
  () => ({
    groupId: string(),
    members: array(
      {
        memberId: string(),
        groupInstanceId: string({ nullable: "3+", default: null }),
        reason: string({ versions: "5+", nullable: "5+", default: null }),
      },
      { versions: "3+" },
    ),
    memberId: string({ versions: "0-2" }),
  }),
);

export const LeaveGroupResponse = response(
  "LeaveGroupResponse",
  { key: 13, versions: "0-5", flexible: "4+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    members: array(
      {
        memberId: string(),
        groupInstanceId: string({ nullable: "3+" }),
        errorCode: int16(),
      },
      { versions: "3+" },
    ),
  }),
);
