/**
 * SyncGroup (14). Brings the leader's assignment to a classic group, and each member its part. Versions: 3 adds static
 * members (KIP-345); 4 is flexible; 5 requires the protocol's type and name (KIP-559).
 */
import { KafkaError } from "../protocol/errors.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../protocol/messages/sync-group.ts";
import { api } from "./api.ts";

const FIRST_VERSION_WITH_PROTOCOL = 5;
const NO_ASSIGNMENT = new Uint8Array(0);

export const syncGroup = api(SyncGroupRequest, SyncGroupResponse, {
  handle(request, { broker, apiVersion }) {
    const { protocolType, protocolName } = request;
    if (apiVersion >= FIRST_VERSION_WITH_PROTOCOL && (protocolType === null || protocolName === null)) {
      throw new KafkaError(
        "INCONSISTENT_GROUP_PROTOCOL",
        "A SyncGroup names no protocol type or no protocol.",
      );
    }
    if (request.groupId === "") throw new KafkaError("INVALID_GROUP_ID", "A group id is empty.");
    return broker.groups.syncGroup(request);
  },
  fail: (_request, { code }) => ({ errorCode: code, assignment: NO_ASSIGNMENT }),
});
