/**
 * JoinGroup of somebody who has no member id yet.
 */
import type { GroupShard } from "../shard.ts";
import { addMember } from "./add-member.ts";
import type { ClassicGroup } from "./group.ts";
import type { Joining } from "./joining.ts";
import { joinError } from "./replies.ts";
import { awaitSecondJoin } from "./session.ts";
import { takeStaticPlace } from "./static-place.ts";
import { NOTHING, type Step } from "./step.ts";

/** From this version on a dynamic member has to join a second time, with the member id it is given (KIP-394). */
const MEMBER_ID_REQUIRED_VERSION = 4;

export function joinNew(shard: GroupShard, group: ClassicGroup, joining: Joining, nowMs: number): Step {
  const { request, requester, pending } = joining;
  const { groupInstanceId, sessionTimeoutMs } = request;
  const memberId = `${groupInstanceId ?? requester.clientId}-${shard.environment.newHexUuid()}`;
  if (groupInstanceId !== null) {
    const current = group.members.idOfInstance(groupInstanceId);
    return current === undefined
      ? addMember(shard, group, memberId, joining, nowMs)
      : takeStaticPlace(shard, group, { groupInstanceId, current, memberId }, joining, nowMs);
  }
  if (requester.apiVersion < MEMBER_ID_REQUIRED_VERSION) {
    return addMember(shard, group, memberId, joining, nowMs);
  }
  awaitSecondJoin(shard, group, memberId, sessionTimeoutMs);
  pending.answer(joinError("MEMBER_ID_REQUIRED", memberId));
  return NOTHING;
}
