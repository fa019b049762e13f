/**
 * SyncGroup: the leader brings what it has assigned to whom, and every member fetches its part. Members wait for the
 * leader. The leader's request is what makes a generation last: its record is written then.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { type ErrorName, KafkaError } from "../../protocol/errors.ts";
import type { SyncGroupRequest } from "../../protocol/messages/sync-group.ts";
import type { Decoded } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { dropAssignments, handOutAssignments } from "./assignments.ts";
import { copyOf, NO_BYTES } from "./bytes.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember, SyncGroupReply } from "./member.ts";
import { PendingReply } from "./pending-reply.ts";
import { syncReceived } from "./pending-syncs.ts";
import { prepareRebalance } from "./rebalance.ts";
import { groupMetadata } from "./record.ts";
import { syncError, synced } from "./replies.ts";
import { NOTHING, type Step } from "./step.ts";
import { checkMember } from "./validate-member.ts";

type SyncGroup = Decoded<typeof SyncGroupRequest>;

/**
 * Answers a member of a classic group, at once or when the leader has synced. Errors are in the reply:
 * UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL, REBALANCE_IN_PROGRESS, or
 * what the log's error means where the assignment couldn't be written.
 */
export function syncGroup(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroup,
  nowMs: number,
): Outcome<GroupRecord, SyncGroupReply> {
  const pending = new PendingReply<SyncGroupReply>();
  const step = sync(shard, group, request, pending, nowMs);
  return { ...step, reply: pending.reply };
}

function sync(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroup,
  pending: PendingReply<SyncGroupReply>,
  nowMs: number,
): Step {
  const error = whyNot(group, request);
  const member = group.members.get(request.memberId);
  if (error !== undefined || member === undefined) {
    pending.answer(syncError(error ?? "UNKNOWN_MEMBER_ID"));
    return NOTHING;
  }
  syncReceived(shard, group, member.memberId);
  if (group.state === "Stable") {
    pending.answer(synced(group, member));
    return NOTHING;
  }
  // One that waits already was given up by the client, which sent this one.
  member.answerSync(syncError("REBALANCE_IN_PROGRESS"));
  member.awaitedSync = pending;
  return member.memberId === group.leaderId ? writeAssignment(shard, group, request, nowMs) : NOTHING;
}

/** What speaks against the request; afterwards the group is in CompletingRebalance or Stable. */
function whyNot(group: ClassicGroup, request: SyncGroup): ErrorName | undefined {
  const { protocolType, protocolName } = request;
  if (group.state === "Empty") return "UNKNOWN_MEMBER_ID";
  if (group.state === "Dead") return "COORDINATOR_NOT_AVAILABLE";
  try {
    checkMember(group, request.memberId, request.groupInstanceId);
  } catch (error) {
    if (error instanceof KafkaError) return error.errorName;
    throw error;
  }
  if (request.generationId !== group.generationId) return "ILLEGAL_GENERATION";
  if (contradict(protocolType, group.protocolType) || contradict(protocolName, group.protocolName)) {
    return "INCONSISTENT_GROUP_PROTOCOL";
  }
  return group.state === "PreparingRebalance" ? "REBALANCE_IN_PROGRESS" : undefined;
}

function contradict(asked: string | null, actual: string | null): boolean {
  return asked !== null && actual !== null && asked !== actual;
}

/** Writes the generation with the leader's assignment; members that it has left out get nothing. */
function writeAssignment(shard: GroupShard, group: ClassicGroup, request: SyncGroup, nowMs: number): Step {
  const assigned = new Map<string, Uint8Array>();
  for (const { memberId, assignment } of request.assignments) assigned.set(memberId, assignment);
  const assignmentOf = ({ memberId }: ClassicMember): Buffer => copyOf(assigned.get(memberId) ?? NO_BYTES);
  return {
    records: [groupMetadata(group, group.members, assignmentOf)],
    reply: undefined,
    afterwards(failure) {
      if (failure === undefined) {
        handOutAssignments(shard, group);
        return;
      }
      if (group.state !== "CompletingRebalance") return; // Given up meanwhile.
      dropAssignments(shard, group, failure.errorName);
      prepareRebalance(shard, group, `the assignment couldn't be written: ${failure.message}`, nowMs);
    },
  };
}
