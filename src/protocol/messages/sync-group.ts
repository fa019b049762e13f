/** SyncGroup (14). Brings the leader's assignment to a classic group, and each member its part. 3 adds static members (KIP-345). */
import { array, bytes, int16, int32, request, response, string } from "../schema.ts";

export const SyncGroupRequest = request(
  "SyncGroupRequest",
  { key: 14, versions: "0-5", flexible: "4+" },
  () => ({
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
    protocolType: string({ versions: "5+", nullable: "5+", default: null }),
    protocolName: string({ versions: "5+", nullable: "5+", default: null }),
    assignments: array({
      memberId: string(),
      assignment: bytes(),
    }),
  }),
);

export const SyncGroupResponse = response(
  "SyncGroupResponse",
  { key: 14, versions: "0-5", flexible: "4+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    protocolType: string({ versions: "5+", nullable: "5+", default: null }),
    protocolName: string({ versions: "5+", nullable: "5+", default: null }),
    assignment: bytes(),
  }),
);
