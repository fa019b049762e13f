/**
 * Takes a member out of a classic group.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { joinError, syncError } from "./replies.ts";
import { sessionTimer } from "./timer-keys.ts";

/**
 * Removes a member, or an id that was only handed out, and ends its session. A request of its that still waits is
 * answered UNKNOWN_MEMBER_ID: a client that is alive after all then joins anew.
 */
export function dismiss(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  shard.environment.timers.cancel(sessionTimer(group.groupId, memberId));
  const member = group.members.get(memberId);
  if (member !== undefined) {
    group.members.answerJoin(member, joinError("UNKNOWN_MEMBER_ID"));
    member.answerSync(syncError("UNKNOWN_MEMBER_ID"));
  }
  group.remove(memberId);
}
