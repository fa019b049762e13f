/**
 * A member of a consumer group, as the log has it. It is never changed: a change makes another one.
 */
import { type AssignmentWithEpochs, NO_PARTITIONS, sameAssignmentWithEpochs } from "./assignment.ts";

/** How far a member has come from what it had to what it is to have; the numbers stand in records. */
export const MemberState = {
  /** It has what it is to have. */
  STABLE: 0,
  /** It is to give partitions up, and hasn't said yet that it did. */
  UNREVOKED_PARTITIONS: 1,
  /** It is to get partitions that others haven't given up yet. */
  UNRELEASED_PARTITIONS: 2,
  /** A state from a later version of Kafka. */
  UNKNOWN: 127,
} as const;
export type MemberState = (typeof MemberState)[keyof typeof MemberState];

/** Epochs in requests that stand for something else. */
export const JOIN_EPOCH = 0;
export const LEAVE_EPOCH = -1;
/** A static member goes and will come back: its partitions stay its own. It is the member's epoch meanwhile. */
export const STATIC_LEAVE_EPOCH = -2;

export interface ClassicProtocol {
  readonly name: string;
  /** A ConsumerProtocolSubscription with its version before it. */
  readonly metadata: Buffer;
}

/** What is known of a member that speaks the classic protocol. */
export interface ClassicMemberMetadata {
  readonly sessionTimeoutMs: number;
  /** In its order of preference; at least one. */
  readonly supportedProtocols: readonly ClassicProtocol[];
}

export interface ConsumerGroupMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  /** The epoch before: a member whose reply was lost still has it. */
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** -1 where it has said none. */
  readonly rebalanceTimeoutMs: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: ReadonlySet<string>;
  /** "" or null for none. */
  readonly subscribedTopicRegex: string | null;
  /** The assignor it asks for. */
  readonly serverAssignorName: string | null;
  /** What it has, or may take at once. */
  readonly assignedPartitions: AssignmentWithEpochs;
  /** What it is to give up and hasn't yet. */
  readonly partitionsPendingRevocation: AssignmentWithEpochs;
  /** Null for a member of the consumer protocol. */
  readonly classicMemberMetadata: ClassicMemberMetadata | null;
}

/** A member that has said nothing yet. */
export function newMember(memberId: string): ConsumerGroupMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: MemberState.STABLE,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: "",
    clientHost: "",
    subscribedTopicNames: new Set(),
    subscribedTopicRegex: "",
    serverAssignorName: null,
    assignedPartitions: NO_PARTITIONS,
    partitionsPendingRevocation: NO_PARTITIONS,
    classicMemberMetadata: null,
  };
}

/** Whether it has everything that the target assignment of that epoch gives it, and nothing else. */
export function isReconciledTo(member: ConsumerGroupMember, assignmentEpoch: number): boolean {
  return member.state === MemberState.STABLE && member.memberEpoch === assignmentEpoch;
}

/** The regular expression it subscribes with, if any. */
export function regexOf(member: ConsumerGroupMember | undefined): string | undefined {
  return member?.subscribedTopicRegex || undefined;
}

/** Whether a record of what the member says of itself would say the same for both. */
export function sameSubscription(one: ConsumerGroupMember, other: ConsumerGroupMember): boolean {
  return (
    one.memberId === other.memberId &&
    one.instanceId === other.instanceId &&
    one.rackId === other.rackId &&
    one.rebalanceTimeoutMs === other.rebalanceTimeoutMs &&
    one.clientId === other.clientId &&
    one.clientHost === other.clientHost &&
    one.subscribedTopicRegex === other.subscribedTopicRegex &&
    one.serverAssignorName === other.serverAssignorName &&
    sameNames(one.subscribedTopicNames, other.subscribedTopicNames) &&
    sameClassicMetadata(one.classicMemberMetadata, other.classicMemberMetadata)
  );
}

/** Whether a record of what the member has would say the same for both. */
export function sameProgress(one: ConsumerGroupMember, other: ConsumerGroupMember): boolean {
  return (
    one.memberEpoch === other.memberEpoch &&
    one.previousMemberEpoch === other.previousMemberEpoch &&
    one.state === other.state &&
    sameAssignmentWithEpochs(one.assignedPartitions, other.assignedPartitions) &&
    sameAssignmentWithEpochs(one.partitionsPendingRevocation, other.partitionsPendingRevocation)
  );
}

export function sameNames(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}

function sameClassicMetadata(
  one: ClassicMemberMetadata | null,
  other: ClassicMemberMetadata | null,
): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.sessionTimeoutMs === other.sessionTimeoutMs &&
    one.supportedProtocols.length === other.supportedProtocols.length &&
    one.supportedProtocols.every(({ name, metadata }, index) => {
      const protocol = other.supportedProtocols[index];
      return protocol !== undefined && protocol.name === name && protocol.metadata.equals(metadata);
    })
  );
}
