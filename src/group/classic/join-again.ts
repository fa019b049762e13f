/**
 * JoinGroup of somebody who has a member id: a member that joins again, or the second join of a new one.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { GroupShard } from "../shard.ts";
import { addMember } from "./add-member.ts";
import type { ClassicGroup } from "./group.ts";
import { clientReason, type Joining, termsOf } from "./joining.ts";
import type { ClassicMember } from "./member.ts";
import { rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinError, joined } from "./replies.ts";
import { NOTHING, type Step } from "./step.ts";
import { checkMember } from "./validate-member.ts";

export function joinAgain(shard: GroupShard, group: ClassicGroup, joining: Joining, nowMs: number): Step {
  const { request, pending } = joining;
  const { memberId, groupInstanceId } = request;
  if (group.pendingJoins.has(memberId)) return joinSecondTime(shard, group, joining, nowMs);
  let member: ClassicMember;
  try {
    member = checkMember(group, memberId, groupInstanceId);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    pending.answer(joinError(error.errorName, memberId));
    return NOTHING;
  }
  if (needsNoRebalance(group, member, joining)) {
    pending.answer(joined(group, memberId));
    return NOTHING;
  }
  group.members.update(member, termsOf(joining));
  group.members.awaitJoin(member, pending, joinError("REBALANCE_IN_PROGRESS", memberId));
  return rebalanceOrCompleteJoin(
    shard,
    group,
    `${memberId} joins again (${clientReason(joining.request.reason)})`,
    nowMs,
  );
}

/** @throws KafkaError UNKNOWN_SERVER_ERROR for a static member: those are never told to join a second time */
function joinSecondTime(shard: GroupShard, group: ClassicGroup, joining: Joining, nowMs: number): Step {
  const { memberId, groupInstanceId } = joining.request;
  if (groupInstanceId !== null) {
    throw new KafkaError("UNKNOWN_SERVER_ERROR", `${memberId} was not given to a static member.`);
  }
  return addMember(shard, group, memberId, joining, nowMs);
}

/**
 * Whether the member has nothing new to say and can go on with the generation there is: it may have missed the answer to
 * its join. In a stable group the leader joins in order to rebalance, for it has seen that topics have changed.
 */
function needsNoRebalance(group: ClassicGroup, member: ClassicMember, { request }: Joining): boolean {
  if (!member.offersExactly(request.protocols)) return false;
  if (group.state === "CompletingRebalance") return true;
  return group.state === "Stable" && member.memberId !== group.leaderId;
}
