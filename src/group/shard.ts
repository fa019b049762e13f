/**
 * The groups and offsets of one partition of `__consumer_offsets`.
 */
import type { ClassicGroup } from "./classic/group.ts";
import type { ConsumerGroup } from "./consumer/group.ts";
import type { GroupEnvironment } from "./environment.ts";
import { OffsetStore } from "./offsets/offset-store.ts";
import { PendingOffsets } from "./offsets/pending-offsets.ts";

export type AnyGroup = ClassicGroup | ConsumerGroup;

export class GroupShard {
  /** By group id. A group that only soft state knows of (a first join that waits) is here too. */
  readonly groups = new Map<string, AnyGroup>();
  readonly offsets = new OffsetStore();
  /** Of transactions that haven't ended. */
  readonly pendingOffsets = new PendingOffsets();

  constructor(readonly environment: GroupEnvironment) {}
}
