/**
 * A consumer group has been loaded from the log: its members are given the time of a session to be heard of, and those
 * that were giving up partitions the time for that.
 */
import type { GroupShard } from "../shard.ts";
import type { ConsumerGroup } from "./group.ts";
import { MemberState } from "./member.ts";
import { awaitRevocation, renewSession } from "./timers.ts";

export function consumerGroupLoaded(shard: GroupShard, group: ConsumerGroup): void {
  const { groupId } = group;
  const { sessionTimeoutMs } = shard.environment.consumerGroupConfig(groupId);
  for (const member of group.members.values()) {
    renewSession(shard, groupId, member.memberId, sessionTimeoutMs);
    if (member.state === MemberState.UNREVOKED_PARTITIONS) awaitRevocation(shard, groupId, member);
  }
}
