/**
 * Applies the record in which a classic group stands in the log, be it just written or loaded.
 */
import type { KeyOf, ValueOf } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { copyOf } from "./bytes.ts";
import { classicGroup } from "./find-group.ts";
import { ClassicGroup } from "./group.ts";
import { ClassicMember, type MemberProtocol } from "./member.ts";

type GroupMetadata = ValueOf<"GroupMetadata">;
type MemberMetadata = GroupMetadata["members"][number];

/**
 * The group is as the record says: a generation whose members have their assignments, or an empty group. What the
 * record knows nothing of stays with members that stay: the protocols that were not chosen, and who waits for an answer.
 */
export function replayGroupMetadata(
  shard: GroupShard,
  key: KeyOf<"GroupMetadata">,
  value: GroupMetadata | null,
): void {
  const existing = classicGroup(shard, key.group);
  if (value === null) {
    if (existing !== undefined) shard.groups.delete(key.group);
    return;
  }
  const group = existing ?? new ClassicGroup(key.group);
  shard.groups.set(key.group, group);
  group.protocolType = value.protocolType;
  group.generationId = value.generation;
  group.protocolName = value.protocol;
  replayMembers(group, value);
  group.leaderId = value.leader;
  group.state = value.members.length > 0 ? "Stable" : "Empty";
  group.stateSinceMs = value.currentStateTimestamp === -1n ? null : Number(value.currentStateTimestamp);
  group.isInitialRebalance = false;
  group.learnTopics();
}

function replayMembers(group: ClassicGroup, value: GroupMetadata): void {
  const before = new Map(Array.from(group.members, (member) => [member.memberId, member]));
  for (const memberId of before.keys()) group.members.remove(memberId);
  for (const metadata of value.members) {
    group.members.add(replayMember(before.get(metadata.memberId), metadata, value.protocol ?? ""));
    group.pendingJoins.delete(metadata.memberId);
  }
}

function replayMember(
  before: ClassicMember | undefined,
  metadata: MemberMetadata,
  protocolName: string,
): ClassicMember {
  const terms = {
    // Version 0 of the record knows one time limit only.
    rebalanceTimeoutMs:
      metadata.rebalanceTimeout === -1 ? metadata.sessionTimeout : metadata.rebalanceTimeout,
    sessionTimeoutMs: metadata.sessionTimeout,
    protocols: protocolsOf(before, metadata, protocolName),
  };
  const member = new ClassicMember(metadata, terms);
  member.assignment = before?.assignment.equals(metadata.assignment)
    ? before.assignment
    : copyOf(metadata.assignment);
  member.isNew = before?.isNew ?? false;
  member.awaitedJoin = before?.awaitedJoin;
  member.awaitedSync = before?.awaitedSync;
  return member;
}

function protocolsOf(
  before: ClassicMember | undefined,
  { subscription }: MemberMetadata,
  protocolName: string,
): readonly MemberProtocol[] {
  if (before?.metadataFor(protocolName)?.equals(subscription)) return before.protocols;
  return [{ name: protocolName, metadata: copyOf(subscription) }];
}
