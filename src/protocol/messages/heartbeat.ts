/** Heartbeat (12). Keeps a member of a classic group alive, and tells it when to join again. 3 adds static members (KIP-345). */
import { int16, int32, request, response, string } from "../schema.ts";

export const HeartbeatRequest = request(
  "HeartbeatRequest",
  { key: 12, versions: "0-4", flexible: "4+" },
  () => ({
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
  }),
);

export const HeartbeatResponse = response(
  "HeartbeatResponse",
  { key: 12, versions: "0-4", flexible: "4+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
  }),
);
