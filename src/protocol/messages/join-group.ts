/** JoinGroup (11). Joins a classic group, and waits for the others. 4 requires a member id (KIP-394); 5 adds static members (KIP-345). */
import { array, boolean, bytes, int16, int32, request, response, string } from "../schema.ts";

export const JoinGroupRequest = request(
  "JoinGroupRequest",
  { key: 11, versions: "0-9", flexible: "6+" },
  () => ({
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ versions: "1+", default: -1 }),
    memberId: string(),
    groupInstanceId: string({ versions: "5+", nullable: "5+", default: null }),
    protocolType: string(),
    protocols: array({
      name: string(),
      metadata: bytes(),
    }),
    reason: string({ versions: "8+", nullable: "8+", default: null }),
  }),
);

export const JoinGroupResponse = response(
  "JoinGroupResponse",
  { key: 11, versions: "0-9", flexible: "6+" },
  () => ({
    throttleTimeMs: int32({ versions: "2+" }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ versions: "7+", nullable: "7+", default: null }),
    protocolName: string({ nullable: "7+" }),
    leader: string(),
    skipAssignment: boolean({ versions: "9+" }),
    memberId: string(),
    members: array({
      memberId: string(),
      groupInstanceId: string({ versions: "5+", nullable: "5+", default: null }),
      metadata: bytes(),
    }),
  }),
);
