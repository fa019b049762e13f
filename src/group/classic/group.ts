/**
 * A group of the classic protocol, whose members assign the partitions themselves.
 *
 * In the log stands what a generation agreed on: its members, their subscriptions and their assignments (replay.ts).
 * Everything on the way to the next generation is soft: who has joined so far, who waits for an answer, ids that were
 * handed out and not used yet. A coordinator that loads the group knows only the former, and members find their way
 * back from there.
 */

import type { Group, OffsetCommitter } from "../group.ts";
import type { CommittedOffset } from "../offsets/committed-offset.ts";
import type { GroupRecord } from "../record.ts";
import type { ClassicMember } from "./member.ts";
import { GroupMembers } from "./members.ts";
import {
  checkDeleteGroup,
  checkOffsetCommit,
  checkOffsetDelete,
  checkOffsetFetch,
  retentionStart,
} from "./offset-rules.ts";
import { tombstone } from "./record.ts";
import { selectProtocol } from "./select-protocol.ts";
import { type ClassicGroupState, mayFollow } from "./state.ts";
import { CONSUMER_PROTOCOL_TYPE, subscribedTopics } from "./subscribed-topics.ts";

export class ClassicGroup implements Group {
  readonly type = "classic";
  state: ClassicGroupState = "Empty";
  /** Since when it is in that state, in milliseconds since 1970; null where the log doesn't say. */
  stateSinceMs: number | null = null;
  /** Grows by one with every rebalance. */
  generationId = 0;
  /** "" until a first member joins: a group that has nothing but offsets. */
  protocolType = "";
  /** The protocol that the members agreed on for this generation. */
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** The topics of this generation's members; undefined where they are not known. */
  topics: ReadonlySet<string> | undefined;

  readonly members = new GroupMembers();
  /** Member ids that were handed out and wait for their second join (KIP-394). */
  readonly pendingJoins = new Set<string>();
  /** Members that were told of the generation and have not sent their SyncGroup yet. */
  readonly pendingSyncs = new Set<string>();
  /** Whether this is a rebalance of a group that was empty: it takes its time, for more members to come. */
  isInitialRebalance = false;
  /** Whether somebody has joined since the initial rebalance was last extended. */
  newMemberAdded = false;

  constructor(readonly groupId: string) {}

  get stateName(): ClassicGroupState {
    return this.state;
  }

  get isEmpty(): boolean {
    return this.state === "Empty";
  }

  get usesConsumerProtocol(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL_TYPE;
  }

  /** Whether everybody who is expected has joined, so that the next generation can begin. */
  get hasAllJoined(): boolean {
    return this.members.awaitingJoinCount === this.members.size && this.pendingJoins.size === 0;
  }

  get canRebalance(): boolean {
    return mayFollow(this.state, "PreparingRebalance");
  }

  /** Whether a member with these protocols can be in the group: the type is the others', and one protocol is all's. */
  supports(protocolType: string, protocols: readonly { readonly name: string }[]): boolean {
    if (this.state === "Empty") return protocolType !== "" && protocols.length > 0;
    return (
      protocolType === this.protocolType && this.members.allOfferOneOf(protocols.map(({ name }) => name))
    );
  }

  /** Adds a member; the first one leads, and says what type of group it is. */
  add(member: ClassicMember, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType;
    this.members.add(member);
    this.leaderId ??= member.memberId;
    this.pendingJoins.delete(member.memberId);
  }

  /** Takes a member, or an id that was only handed out, from the group. If it led, the longest-standing member does. */
  remove(memberId: string): ClassicMember | undefined {
    const member = this.members.remove(memberId);
    if (this.leaderId === memberId) this.leaderId = this.members.first()?.memberId ?? null;
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
    return member;
  }

  /** Puts a member in the place of another, with its lead. */
  replace(memberId: string, replacement: ClassicMember): void {
    this.members.remove(memberId);
    this.members.add(replacement);
    if (this.leaderId === memberId) this.leaderId = replacement.memberId;
  }

  /** Begins the next generation, of the members that are there; without any, the group is empty. */
  beginGeneration(nowMs: number): void {
    this.generationId = (this.generationId + 1) | 0; // Beyond 2^31 - 1 it is negative, as in Kafka.
    this.protocolName = this.members.size > 0 ? selectProtocol(this.members) : null;
    this.learnTopics();
    this.moveTo(this.members.size > 0 ? "CompletingRebalance" : "Empty", nowMs);
    this.pendingSyncs.clear();
  }

  /** Finds out what topics this generation is about. */
  learnTopics(): void {
    this.topics = this.usesConsumerProtocol ? subscribedTopics(this.members, this.protocolName) : undefined;
  }

  moveTo(state: ClassicGroupState, nowMs: number): void {
    if (!mayFollow(this.state, state)) {
      throw new Error(`Group ${this.groupId} can't come from ${this.state} into ${state}`);
    }
    this.isInitialRebalance = this.state === "Empty" && state === "PreparingRebalance";
    this.newMemberAdded = false;
    this.state = state;
    this.stateSinceMs = nowMs;
  }

  isSubscribedToTopic(topic: string): boolean {
    return this.topics?.has(topic) ?? this.usesConsumerProtocol;
  }

  validateOffsetCommit(committer: OffsetCommitter): undefined {
    checkOffsetCommit(this, committer);
  }

  validateOffsetFetch(): void {
    checkOffsetFetch(this);
  }

  validateOffsetDelete(): void {
    checkOffsetDelete(this);
  }

  validateDeleteGroup(): void {
    checkDeleteGroup(this);
  }

  offsetRetentionStart(offset: CommittedOffset, topic: string): number | undefined {
    return retentionStart(this, offset, topic);
  }

  tombstones(): GroupRecord[] {
    return [tombstone(this.groupId)];
  }
}
