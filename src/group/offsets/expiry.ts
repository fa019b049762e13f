/**
 * Deletes offsets that have been kept for `offsets.retention.minutes` after their group needed them last (KIP-211),
 * and groups that have nothing left.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import type { GroupRecord } from "../record.ts";
import type { AnyGroup, GroupShard } from "../shard.ts";
import type { CommittedOffset } from "./committed-offset.ts";
import { offsetTombstone } from "./records.ts";

const EXPIRY_TIMER = "expire-group-metadata";
const MINUTE_MS = 60_000;
const NO_EXPIRY = -1;

/** Lets the offsets of a shard expire from now on, every `offsets.retention.check.interval.ms`. */
export function scheduleExpiry(shard: GroupShard): void {
  const { config, timers } = shard.environment;
  timers.set(EXPIRY_TIMER, config.offsetsRetentionCheckIntervalMs, (nowMs) => {
    scheduleExpiry(shard);
    return expire(shard, nowMs);
  });
}

/** Tombstones for what has expired. */
export function expire(shard: GroupShard, nowMs: number): Outcome<GroupRecord, void> {
  const records: GroupRecord[] = [];
  for (const group of shard.groups.values()) {
    const expired = expiredOffsets(shard, group, nowMs);
    records.push(...expired.tombstones);
    if (!expired.all || shard.pendingOffsets.hasGroup(group.groupId) || !group.isEmpty) continue;
    records.push(...group.tombstones());
  }
  if (records.length > 0) {
    shard.environment.logger.info(`${records.length} offsets and groups have expired`);
  }
  return { records, divisible: true, reply: undefined };
}

/** A group's offsets that have expired, and whether that leaves none. */
function expiredOffsets(
  shard: GroupShard,
  group: AnyGroup,
  nowMs: number,
): { tombstones: GroupRecord[]; all: boolean } {
  const { groupId } = group;
  const tombstones: GroupRecord[] = [];
  let all = true;
  for (const [topic, partitions] of shard.offsets.ofGroup(groupId)) {
    const isSubscribed = group.isSubscribedToTopic(topic);
    for (const [partition, offset] of partitions) {
      const expires =
        !isSubscribed &&
        hasExpired(shard, group, topic, offset, nowMs) &&
        !shard.pendingOffsets.has(groupId, topic, partition);
      if (expires) tombstones.push(offsetTombstone(groupId, topic, partition));
      else all = false;
    }
  }
  return { tombstones, all };
}

function hasExpired(
  shard: GroupShard,
  group: AnyGroup,
  topic: string,
  offset: CommittedOffset,
  nowMs: number,
): boolean {
  const start = group.offsetRetentionStart(offset, topic);
  if (start === undefined) return false;
  if (offset.expireTimestampMs !== NO_EXPIRY) return nowMs >= offset.expireTimestampMs;
  return nowMs - start >= shard.environment.config.offsetsRetentionMinutes * MINUTE_MS;
}
