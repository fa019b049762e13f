/**
 * Makes a classic group of members that another type of group had: the downgrade of a consumer group whose last member
 * of the consumer protocol has left (KIP-848).
 */
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { copyOf } from "./bytes.ts";
import { classicGroup } from "./find-group.ts";
import { ClassicGroup } from "./group.ts";
import { ClassicMember, type MemberIdentity, type MemberTerms, memberProtocols } from "./member.ts";
import { prepareRebalance } from "./rebalance.ts";
import { groupMetadata } from "./record.ts";
import { selectProtocol } from "./select-protocol.ts";
import { renewSession } from "./session.ts";
import { CONSUMER_PROTOCOL_TYPE } from "./subscribed-topics.ts";

export interface FormerMembers {
  readonly groupId: string;
  /** The epoch of the group that was. */
  readonly generationId: number;
  /** The first one leads. */
  readonly members: readonly (MemberIdentity & MemberTerms)[];
  /**
   * What a member had, in the consumer protocol's form (ConsumerProtocolAssignment with its version before it). The
   * member's subscription is given because both are to be of one version.
   */
  assignmentOf(memberId: string, subscription: Uint8Array): Uint8Array;
  readonly nowMs: number;
}

/** A classic group that is to be: a record of it, and what has to follow when that has been replayed. */
export interface Downgrade {
  readonly record: GroupRecord;
  /** Begins the members' sessions, and a rebalance where one is due: that is where a member has left. */
  complete(shard: GroupShard, rebalance: boolean): void;
}

/**
 * @throws Error when the members have no protocol in common
 * @throws MalformedError when `assignmentOf` does, for a subscription that it can't read
 */
export function downgrade(former: FormerMembers): Downgrade {
  const group = new ClassicGroup(former.groupId);
  group.generationId = former.generationId;
  group.stateSinceMs = former.nowMs;
  for (const { protocols, ...member } of former.members) {
    group.add(
      new ClassicMember(member, { ...member, protocols: memberProtocols(protocols) }),
      CONSUMER_PROTOCOL_TYPE,
    );
  }
  group.protocolName = selectProtocol(group.members);
  for (const member of group.members) {
    const subscription = member.metadataFor(group.protocolName);
    if (subscription !== undefined) {
      member.assignment = copyOf(former.assignmentOf(member.memberId, subscription));
    }
  }
  return {
    record: groupMetadata(group),
    complete: (shard, rebalance) => complete(shard, group, rebalance, former.nowMs),
  };
}

/** The record knows of the chosen protocol only; the group is to know of the others that its members offer. */
function complete(shard: GroupShard, made: ClassicGroup, rebalance: boolean, nowMs: number): void {
  const group = classicGroup(shard, made.groupId);
  if (group === undefined) throw new Error(`group ${made.groupId} was not replayed`);
  for (const member of group.members) {
    const terms = made.members.get(member.memberId);
    if (terms !== undefined) group.members.update(member, terms);
    renewSession(shard, group, member);
  }
  if (rebalance) prepareRebalance(shard, group, "it has been a consumer group until now", nowMs);
}
