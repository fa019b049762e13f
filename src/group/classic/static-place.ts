/**
 * A static member that comes back without its member id, as after a restart, takes the place it had (KIP-345). Where
 * that changes nothing for the others, there is no rebalance. Whoever had the place before is fenced.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { clientReason, type Joining, termsOf } from "./joining.ts";
import { ClassicMember, type JoinGroupReply } from "./member.ts";
import { rebalanceOrCompleteJoin } from "./rebalance.ts";
import { groupMetadata } from "./record.ts";
import { joinError, joined, syncError } from "./replies.ts";
import { selectProtocol } from "./select-protocol.ts";
import { renewSession } from "./session.ts";
import type { Step } from "./step.ts";
import { sessionTimer } from "./timer-keys.ts";

/** From this version on a leader can be told that it leads and isn't to assign (KIP-814). */
const SKIP_ASSIGNMENT_VERSION = 9;

interface Place {
  readonly groupInstanceId: string;
  /** The member id of who has it. */
  readonly current: string;
  /** The member id of who takes it. */
  readonly memberId: string;
}

export function takeStaticPlace(
  shard: GroupShard,
  group: ClassicGroup,
  place: Place,
  joining: Joining,
  nowMs: number,
): Step {
  const former = group.members.get(place.current);
  if (former === undefined) throw new Error(`${place.current} of group ${group.groupId} is not there`);
  const { clientId, clientHost, groupInstanceId } = former;
  const member = new ClassicMember(
    { memberId: place.memberId, groupInstanceId, clientId, clientHost },
    termsOf(joining),
  );
  member.assignment = former.assignment;
  return group.state === "Stable" && keepsProtocol(group, former, member)
    ? persistPlace(shard, group, { former, member }, joining)
    : rebalanceWith(shard, group, { former, member }, joining, nowMs);
}

interface Change {
  readonly former: ClassicMember;
  readonly member: ClassicMember;
}

function keepsProtocol(group: ClassicGroup, former: ClassicMember, member: ClassicMember): boolean {
  return selectProtocol(withChange(group, { former, member })) === group.protocolName;
}

function withChange(group: ClassicGroup, { former, member }: Change): ClassicMember[] {
  return Array.from(group.members, (other) => (other === former ? member : other));
}

/** Writes the generation with the new member id in it; the others notice nothing. */
function persistPlace(shard: GroupShard, group: ClassicGroup, change: Change, joining: Joining): Step {
  const { former, member } = change;
  const { pending, requester } = joining;
  const formerLeaderId = group.leaderId;
  const record = groupMetadata(group, withChange(group, change));
  const leader = former.memberId === formerLeaderId ? member.memberId : formerLeaderId;
  const records = [{ ...record, value: record.value && { ...record.value, leader } }];
  return {
    records,
    reply: undefined,
    afterwards(failure) {
      if (failure !== undefined) {
        const failed = joinError(failure.errorName);
        pending.answer({ ...joined(group, ""), ...failed, leader: formerLeaderId ?? "" });
        return;
      }
      endFormer(shard, group, former);
      const stored = group.members.get(member.memberId);
      if (stored === undefined) throw new Error(`${member.memberId} of ${group.groupId} was not replayed`);
      group.members.update(stored, member);
      if (group.pendingSyncs.delete(former.memberId)) group.pendingSyncs.add(member.memberId);
      renewSession(shard, group, stored);
      pending.answer(persisted(group, member.memberId, formerLeaderId, requester.apiVersion));
    },
  };
}

/**
 * A leader that comes back into a stable group is not to assign, for nobody would ask it. Older clients do whenever they
 * find their member id named as the leader's: they are told the one it had before.
 */
function persisted(
  group: ClassicGroup,
  memberId: string,
  formerLeaderId: string | null,
  apiVersion: number,
): JoinGroupReply {
  const reply = joined(group, memberId);
  return apiVersion >= SKIP_ASSIGNMENT_VERSION
    ? { ...reply, skipAssignment: memberId === group.leaderId }
    : { ...reply, leader: formerLeaderId ?? "", members: [] };
}

/** The group has to rebalance, or is about to: the new member takes part in the other's stead. */
function rebalanceWith(
  shard: GroupShard,
  group: ClassicGroup,
  { former, member }: Change,
  joining: Joining,
  nowMs: number,
): Step {
  endFormer(shard, group, former);
  group.replace(former.memberId, member);
  renewSession(shard, group, member);
  group.members.awaitJoin(member, joining.pending, joinError("REBALANCE_IN_PROGRESS", member.memberId));
  const reason = `${member.groupInstanceId} is back as ${member.memberId} (${clientReason(joining.request.reason)})`;
  return rebalanceOrCompleteJoin(shard, group, reason, nowMs);
}

/** Whoever still waits under the former member id must not go on as the same instance. */
function endFormer(shard: GroupShard, group: ClassicGroup, former: ClassicMember): void {
  shard.environment.timers.cancel(sessionTimer(group.groupId, former.memberId));
  group.members.answerJoin(former, joinError("FENCED_INSTANCE_ID", former.memberId));
  former.answerSync(syncError("FENCED_INSTANCE_ID"));
}
