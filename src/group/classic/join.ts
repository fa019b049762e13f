/**
 * JoinGroup: joins a classic group, or joins it again, and waits for the others. Version 4 requires a member id, which
 * the first join is answered with (KIP-394); version 5 adds static members (KIP-345), version 9 lets one that has come
 * back lead without assigning anew.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import type { ErrorName } from "../../protocol/errors.ts";
import type { GroupConfig, Requester } from "../environment.ts";
import type { GroupRecord } from "../record.ts";
import type { AnyGroup, GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { joinAgain } from "./join-again.ts";
import { joinNew } from "./join-new.ts";
import type { JoinGroup, Joining } from "./joining.ts";
import type { JoinGroupReply } from "./member.ts";
import { PendingReply } from "./pending-reply.ts";
import { newGroupMetadata } from "./record.ts";
import { joinError } from "./replies.ts";
import { NOTHING, type Step } from "./step.ts";

/**
 * Answers a join to a group that is a classic one or is to become one: there is none with that id, or it is an empty
 * group of another type. The answer comes at once, or when the group's next generation begins. Errors are in the reply:
 * INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, UNKNOWN_MEMBER_ID, MEMBER_ID_REQUIRED, GROUP_MAX_SIZE_REACHED,
 * INCONSISTENT_GROUP_PROTOCOL, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, or what the log's
 * error means where a record couldn't be written.
 */
export function joinGroup(
  shard: GroupShard,
  request: JoinGroup,
  requester: Requester,
  nowMs: number,
): Outcome<GroupRecord, JoinGroupReply> {
  const pending = new PendingReply<JoinGroupReply>();
  const step = join(shard, { request, requester, pending }, nowMs);
  return { ...step, reply: pending.reply };
}

function join(shard: GroupShard, joining: Joining, nowMs: number): Step {
  const { request, pending } = joining;
  const error = whyNot(shard.environment.config, request);
  if (error !== undefined) {
    pending.answer(joinError(error, request.memberId));
    return NOTHING;
  }
  const group = shard.groups.get(request.groupId);
  if (group?.type !== "classic") return joinNewGroup(shard, group, joining, nowMs);
  if (!accepts(group, request.memberId, shard.environment.config.groupMaxSize)) {
    group.remove(request.memberId);
    pending.answer(joinError("GROUP_MAX_SIZE_REACHED"));
    return NOTHING;
  }
  return joinExistingGroup(shard, group, joining, nowMs);
}

function whyNot(config: GroupConfig, request: JoinGroup): ErrorName | undefined {
  if (request.groupId === "") return "INVALID_GROUP_ID";
  const { sessionTimeoutMs } = request;
  const isAllowed =
    sessionTimeoutMs >= config.groupMinSessionTimeoutMs &&
    sessionTimeoutMs <= config.groupMaxSessionTimeoutMs;
  return isAllowed ? undefined : "INVALID_SESSION_TIMEOUT";
}

function joinExistingGroup(shard: GroupShard, group: ClassicGroup, joining: Joining, nowMs: number): Step {
  const { request, pending } = joining;
  const error = whyNotInto(group, request);
  if (error !== undefined) {
    pending.answer(joinError(error, request.memberId));
    return NOTHING;
  }
  return request.memberId === ""
    ? joinNew(shard, group, joining, nowMs)
    : joinAgain(shard, group, joining, nowMs);
}

function whyNotInto(group: ClassicGroup, { protocolType, protocols }: JoinGroup): ErrorName | undefined {
  if (group.state === "Dead") return "COORDINATOR_NOT_AVAILABLE";
  return group.supports(protocolType, protocols) ? undefined : "INCONSISTENT_GROUP_PROTOCOL";
}

/** Writes the group down before anybody is in it, so that it is found where its members' second joins arrive. */
function joinNewGroup(
  shard: GroupShard,
  replaced: AnyGroup | undefined,
  joining: Joining,
  nowMs: number,
): Step {
  const { request, pending } = joining;
  const error = whyNotIntoNew(replaced, request);
  if (error !== undefined) {
    pending.answer(joinError(error, request.memberId));
    return NOTHING;
  }
  return {
    records: [...(replaced?.tombstones() ?? []), newGroupMetadata(request.groupId, nowMs)],
    reply: undefined,
    afterwards(failure) {
      const group = shard.groups.get(request.groupId);
      if (failure !== undefined || group?.type !== "classic") {
        pending.answer(joinError(failure?.errorName ?? "UNKNOWN_SERVER_ERROR"));
      } else joinNew(shard, group, joining, nowMs); // Into an empty group: its rebalance is delayed and writes nothing.
    },
  };
}

function whyNotIntoNew(replaced: AnyGroup | undefined, request: JoinGroup): ErrorName | undefined {
  if (replaced !== undefined && !replaced.isEmpty) return "INCONSISTENT_GROUP_PROTOCOL";
  if (request.memberId !== "") return "UNKNOWN_MEMBER_ID";
  return request.protocolType === "" || request.protocols.length === 0
    ? "INCONSISTENT_GROUP_PROTOCOL"
    : undefined;
}

/**
 * Whether there is room (`group.max.size`). Members that have joined already keep their place. During a rebalance those
 * who have joined are counted, and not the members: so a group that has become too large loses whom comes last.
 */
function accepts(group: ClassicGroup, memberId: string, maxSize: number): boolean {
  const { members } = group;
  switch (group.state) {
    case "Empty":
    case "Dead":
      return true;
    case "PreparingRebalance":
      return members.get(memberId)?.isAwaitingJoin || members.awaitingJoinCount < maxSize;
    case "CompletingRebalance":
    case "Stable":
      return members.has(memberId) || members.size < maxSize;
  }
}
