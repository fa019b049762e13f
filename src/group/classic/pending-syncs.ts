/**
 * Who was told of a generation has to send a SyncGroup, within the rebalance timeout.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { syncTimer } from "./timer-keys.ts";

/** Sets the time limit for the members of a generation that has just begun. */
export function awaitSyncs(shard: GroupShard, group: ClassicGroup): void {
  const { generationId } = group;
  shard.environment.timers.set(syncTimer(group.groupId), group.members.rebalanceTimeoutMs(), (nowMs) =>
    shard.expiry.syncs(group.groupId, generationId, nowMs),
  );
}

/** A member has sent its SyncGroup; the last one ends the time limit. */
export function syncReceived(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSyncs.delete(memberId);
  if (group.pendingSyncs.size === 0) shard.environment.timers.cancel(syncTimer(group.groupId));
}
