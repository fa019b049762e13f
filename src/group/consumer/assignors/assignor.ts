/**
 * A server-side assignor (KIP-848): how the partitions of a group's topics are shared out among its members.
 */
import type { Uuid } from "../../../protocol/uuid.ts";
import type { Assignment } from "../assignment.ts";

/** What an assignor knows of a member. */
export interface MemberSpec {
  readonly instanceId: string | null;
  /** The topics it subscribes to, of those that exist; each once. */
  readonly subscribedTopicIds: ReadonlySet<Uuid>;
  /** What it was to have so far. */
  readonly assignment: Assignment;
}

export interface GroupSpec {
  /** By member id; at least one. */
  readonly members: ReadonlyMap<string, MemberSpec>;
  /** Whether all members subscribe to the same topics. */
  readonly homogeneous: boolean;
  /** Of a topic that somebody subscribes to. */
  partitionCount(topicId: Uuid): number;
}

export interface Assignor {
  /** As clients and the configuration name it. */
  readonly name: string;
  /** What each member is to have. A member without partitions may be left out. */
  assign(group: GroupSpec): Map<string, Assignment>;
}
