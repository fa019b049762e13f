/**
 * A consumer's place in a group, whatever the group's protocol.
 */
import type { TopicPartition } from "../topics.ts";
import type { MemberIdentity } from "./committed-offsets.ts";

/** Who consumes for the group. */
export interface MembershipOwner {
  /** The topics subscribed to, and how many partitions they have. Rejects as `findTopics` does. */
  topics(): Promise<ReadonlyMap<string, number>>;
  /** How many partitions these topics have, where there are such topics. Rejects as `findTopics` does. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The name of a topic; undefined if there is none with that id. */
  topicName(topicId: string): Promise<string | undefined>;
  /**
   * These are the partitions to consume from now on. Resolves when those that are given up have been committed.
   *
   * @param lost those given up are another member's already: nothing can be committed
   */
  assigned(partitions: readonly TopicPartition[], lost?: boolean): Promise<void>;
  failed(error: Error): void;
}

export interface Membership {
  /** Joins the group, and stays until `leave`. */
  start(): void;
  /** Who this is to the coordinator; null while it is nobody. */
  readonly identity: MemberIdentity | null;
  /** Looks anew at what is subscribed to. */
  subscriptionMayHaveChanged(): void;
  /** Leaves the group. Doesn't reject: the coordinator finds out by itself. */
  leave(): Promise<void>;
}
