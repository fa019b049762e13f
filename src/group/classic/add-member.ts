/**
 * Adds a member to a classic group, which then rebalances.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { clientReason, type Joining, termsOf } from "./joining.ts";
import { ClassicMember } from "./member.ts";
import { rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinError } from "./replies.ts";
import { renewSession } from "./session.ts";
import type { Step } from "./step.ts";

/**
 * How long the first join of a member waits, at most. It doesn't know its id yet and can't send heartbeats; a client
 * that has gone away and tried again would otherwise leave members behind with every attempt.
 */
const FIRST_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

export function addMember(
  shard: GroupShard,
  group: ClassicGroup,
  memberId: string,
  joining: Joining,
  nowMs: number,
): Step {
  const { request, requester, pending } = joining;
  const { clientId, clientHost } = requester;
  const { groupInstanceId, protocolType } = request;
  const identity = { memberId, groupInstanceId, clientId, clientHost };
  const member = new ClassicMember(identity, termsOf(joining));
  member.isNew = true;
  group.add(member, protocolType);
  if (group.isInitialRebalance) group.newMemberAdded = true;
  group.members.awaitJoin(member, pending, joinError("REBALANCE_IN_PROGRESS", memberId));
  renewSession(shard, group, member, FIRST_JOIN_TIMEOUT_MS);
  return rebalanceOrCompleteJoin(
    shard,
    group,
    `${memberId} joins (${clientReason(joining.request.reason)})`,
    nowMs,
  );
}
