/**
 * The groups and offsets of one partition of `__consumer_offsets`.
 */
import type { ClassicGroup } from "./classic/group.ts";
import type { Step } from "./classic/step.ts";
import type { ConsumerGroup } from "./consumer/group.ts";
import type { GroupEnvironment } from "./environment.ts";
import { OffsetStore } from "./offsets/offset-store.ts";
import { PendingOffsets } from "./offsets/pending-offsets.ts";

export type AnyGroup = ClassicGroup | ConsumerGroup;

/**
 * What follows when time is up for a classic group's members. What sets their timers is needed by what follows, so that
 * neither can import the other.
 */
export interface ClassicExpiry {
  /** Nothing was heard of a member. */
  session(groupId: string, memberId: string, nowMs: number): Step;
  /** Members of a generation have not asked for their assignment. */
  syncs(groupId: string, generationId: number, nowMs: number): Step;
}

export abstract class GroupShard {
  /** By group id. A group that only soft state knows of (a first join that waits) is here too. */
  readonly groups = new Map<string, AnyGroup>();
  readonly offsets = new OffsetStore();
  /** Of transactions that haven't ended. */
  readonly pendingOffsets = new PendingOffsets();

  abstract readonly expiry: ClassicExpiry;

  constructor(readonly environment: GroupEnvironment) {}
}
