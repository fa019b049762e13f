/**
 * The requests of the classic protocol, for groups of either kind: a consumer group may have classic members while its
 * consumers are upgraded or downgraded one by one (KIP-848).
 */
import { answer, type Outcome } from "../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../protocol/messages/heartbeat.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../protocol/messages/join-group.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../protocol/messages/leave-group.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../protocol/messages/sync-group.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { heartbeat } from "./classic/heartbeat.ts";
import { joinGroup } from "./classic/join.ts";
import { leaveGroup } from "./classic/leave.ts";
import { syncError } from "./classic/replies.ts";
import { syncGroup } from "./classic/sync.ts";
import {
  heartbeatConsumerGroup,
  joinConsumerGroup,
  leaveConsumerGroup,
  syncConsumerGroup,
} from "./consumer/classic-member.ts";
import type { Requester } from "./environment.ts";
import type { GroupRecord } from "./record.ts";
import type { GroupShard } from "./shard.ts";

type Reply<D> = Outcome<GroupRecord, Encodable<D>>;
type Leave = Decoded<typeof LeaveGroupRequest>;

/** A consumer group without members gives way to a classic one. */
export function join(
  shard: GroupShard,
  request: Decoded<typeof JoinGroupRequest>,
  requester: Requester,
  nowMs: number,
): Reply<typeof JoinGroupResponse> {
  const group = shard.groups.get(request.groupId);
  return group?.type === "consumer" && !group.isEmpty
    ? joinConsumerGroup(shard, group, request, requester, nowMs)
    : joinGroup(shard, request, requester, nowMs);
}

export function sync(
  shard: GroupShard,
  request: Decoded<typeof SyncGroupRequest>,
  nowMs: number,
): Reply<typeof SyncGroupResponse> {
  const group = shard.groups.get(request.groupId);
  if (group === undefined || group.isEmpty) return answer(syncError("UNKNOWN_MEMBER_ID"));
  return group.type === "classic"
    ? syncGroup(shard, group, request, nowMs)
    : syncConsumerGroup(shard, group, request);
}

/** Throws UNKNOWN_MEMBER_ID where there is no such group. */
export function beat(
  shard: GroupShard,
  request: Decoded<typeof HeartbeatRequest>,
): Reply<typeof HeartbeatResponse> {
  const group = shard.groups.get(request.groupId);
  if (group === undefined) {
    throw new KafkaError("UNKNOWN_MEMBER_ID", `Group ${request.groupId} not found.`);
  }
  return group.type === "classic"
    ? heartbeat(shard, group, request)
    : heartbeatConsumerGroup(shard, group, request);
}

/** Members are named in `members`, in all versions of the request. */
export function leave(shard: GroupShard, request: Leave, nowMs: number): Reply<typeof LeaveGroupResponse> {
  const group = shard.groups.get(request.groupId);
  if (group === undefined) return answer(nobodyLeaves(request));
  return group.type === "classic"
    ? leaveGroup(shard, group, request, nowMs)
    : leaveConsumerGroup(shard, group, request, nowMs);
}

/** None of them is a member. */
function nobodyLeaves({ members }: Leave): Encodable<typeof LeaveGroupResponse> {
  return {
    errorCode: ErrorCode.NONE,
    members: members.map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      errorCode: ErrorCode.UNKNOWN_MEMBER_ID,
    })),
  };
}
