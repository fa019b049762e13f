/**
 * A group of the consumer protocol (KIP-848).
 *
 * Three things follow each other. The group's epoch grows when a member's subscription or the topics change. A target
 * assignment is made for an epoch: what each member is to have. And each member, heartbeat by heartbeat, is brought to
 * it: first it gives up what others are to have, then it gets what others have given up; its own epoch says how far it
 * has come. The state follows from the log; what isn't in the log is named soft below.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { Group, OffsetCommitter, PartitionValidator } from "../group.ts";
import type { CommittedOffset } from "../offsets/committed-offset.ts";
import type { GroupRecord } from "../record.ts";
import { type Assignment, NO_PARTITIONS } from "./assignment.ts";
import { type Counts, decrement, increment } from "./counts.ts";
import { NO_TOPICS_HASH } from "./hash/metadata-hash.ts";
import { type ConsumerGroupMember, isReconciledTo } from "./member.ts";
import { checkDeletable, checkOffsetCommit, checkOffsetFetch } from "./offset-checks.ts";
import { type OwnershipConflict, PartitionEpochs } from "./partition-epochs.ts";
import { groupTombstones } from "./records.ts";
import { Subscriptions } from "./subscriptions.ts";

export type ConsumerGroupState = "Empty" | "Assigning" | "Reconciling" | "Stable";

/** Of a group that has no record of it yet. */
const FIRST_EPOCH = 1;

export class ConsumerGroup implements Group {
  readonly type = "consumer";
  readonly protocolType = "consumer";

  groupEpoch = FIRST_EPOCH;
  metadataHash = NO_TOPICS_HASH;
  assignmentEpoch = FIRST_EPOCH;
  /** Milliseconds since 1970; 0 where no assignor made the target assignment. */
  assignmentTimestampMs = 0;
  /** What each member is to have. */
  readonly targetAssignment = new Map<string, Assignment>();
  readonly subscriptions = new Subscriptions();
  readonly partitionEpochs = new PartitionEpochs();
  /** How many members ask for an assignor. */
  readonly serverAssignors: Counts<string> = new Map();
  /** How many members of the classic protocol support a protocol. */
  readonly classicProtocols: Counts<string> = new Map();
  classicMemberCount = 0;
  /** Whether the log has the subscription metadata that groups had before Kafka 4.1. */
  hasSubscriptionMetadataRecord = false;

  /** Soft: the version of the topics that the group was last held against. */
  checkedTopicsVersion: number | undefined;

  private readonly byMemberId = new Map<string, ConsumerGroupMember>();
  private readonly byInstanceId = new Map<string, string>();

  constructor(readonly groupId: string) {}

  get members(): ReadonlyMap<string, ConsumerGroupMember> {
    return this.byMemberId;
  }

  /** Member ids by instance id. */
  get staticMembers(): ReadonlyMap<string, string> {
    return this.byInstanceId;
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return "Empty";
    if (this.groupEpoch > this.assignmentEpoch) return "Assigning";
    for (const member of this.members.values()) {
      if (!isReconciledTo(member, this.assignmentEpoch)) return "Reconciling";
    }
    return "Stable";
  }

  get stateName(): string {
    return this.state;
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  /** Puts a member in, or in the place of what it was; returns what shouldn't be, if a partition has two owners now. */
  setMember(member: ConsumerGroupMember): OwnershipConflict | undefined {
    const previous = this.members.get(member.memberId);
    this.byMemberId.set(member.memberId, member);
    this.count(previous, member);
    this.removePartitions(previous);
    const conflict = this.partitionEpochs.add(member.assignedPartitions, member.memberEpoch);
    return this.partitionEpochs.add(member.partitionsPendingRevocation, member.memberEpoch) ?? conflict;
  }

  deleteMember(memberId: string): void {
    const member = this.members.get(memberId);
    this.byMemberId.delete(memberId);
    this.count(member, undefined);
    this.removePartitions(member);
  }

  staticMember(instanceId: string | null): ConsumerGroupMember | undefined {
    const memberId = instanceId === null ? undefined : this.staticMembers.get(instanceId);
    return memberId === undefined ? undefined : this.members.get(memberId);
  }

  /** What a member is to have; a static member that has come back under a new id is to have what the old one was. */
  targetOf({ memberId, instanceId }: ConsumerGroupMember): Assignment {
    const target = instanceId === null ? memberId : this.staticMembers.get(instanceId);
    return (target === undefined ? undefined : this.targetAssignment.get(target)) ?? NO_PARTITIONS;
  }

  /** Whether a partition is somebody's. */
  isOwned(topicId: Uuid, partition: number): boolean {
    return this.partitionEpochs.get(topicId, partition) !== undefined;
  }

  validateOffsetCommit(committer: OffsetCommitter): PartitionValidator | undefined {
    return checkOffsetCommit(this, committer);
  }

  validateOffsetFetch(memberId: string | null, memberEpoch: number): void {
    checkOffsetFetch(this, memberId, memberEpoch);
  }

  /** Allowed always; subscribed topics are kept by whoever asks `isSubscribedToTopic`. */
  validateOffsetDelete(): void {}

  validateDeleteGroup(): void {
    checkDeletable(this);
  }

  isSubscribedToTopic(topic: string): boolean {
    return this.subscriptions.hasTopic(topic);
  }

  tombstones(): GroupRecord[] {
    return groupTombstones(this.groupId, [...this.members.keys()], this.subscriptions.resolved.keys());
  }

  offsetRetentionStart(offset: CommittedOffset, topic: string): number | undefined {
    return this.isSubscribedToTopic(topic) ? undefined : offset.commitTimestampMs;
  }

  private count(previous: ConsumerGroupMember | undefined, member: ConsumerGroupMember | undefined): void {
    this.subscriptions.change(previous, member);
    if (previous?.instanceId != null) this.byInstanceId.delete(previous.instanceId);
    if (member?.instanceId != null) this.byInstanceId.set(member.instanceId, member.memberId);
    if (previous?.serverAssignorName != null) decrement(this.serverAssignors, previous.serverAssignorName);
    if (member?.serverAssignorName != null) increment(this.serverAssignors, member.serverAssignorName);
    const previousProtocols = previous?.classicMemberMetadata?.supportedProtocols;
    const protocols = member?.classicMemberMetadata?.supportedProtocols;
    for (const { name } of previousProtocols ?? []) decrement(this.classicProtocols, name);
    for (const { name } of protocols ?? []) increment(this.classicProtocols, name);
    this.classicMemberCount += (protocols ? 1 : 0) - (previousProtocols ? 1 : 0);
  }

  private removePartitions(member: ConsumerGroupMember | undefined): void {
    if (member === undefined) return;
    this.partitionEpochs.remove(member.assignedPartitions, member.memberEpoch);
    this.partitionEpochs.remove(member.partitionsPendingRevocation, member.memberEpoch);
  }
}
