/**
 * Heartbeat (12). Keeps a member of a classic group alive, and tells it when to join again. Versions: 3 adds static
 * members (KIP-345); 4 is flexible.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../protocol/messages/heartbeat.ts";
import { api } from "./api.ts";

export const heartbeat = api(HeartbeatRequest, HeartbeatResponse, {
  handle(request, { broker }) {
    if (request.groupId === "") throw new KafkaError("INVALID_GROUP_ID", "A group id is empty.");
    return broker.groups.heartbeat(request);
  },
  // A member needn't worry while its group is being loaded: sessions begin anew afterwards.
  fail: (_request, { code }) => ({
    errorCode: code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : code,
  }),
});
