/**
 * How the members that wait for their assignment get it, or learn that there is none.
 */
import type { ErrorName } from "../../protocol/errors.ts";
import type { GroupShard } from "../shard.ts";
import { NO_BYTES } from "./bytes.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember, SyncGroupReply } from "./member.ts";
import { syncError, synced } from "./replies.ts";
import { renewSession } from "./session.ts";

/** Answers every waiting SyncGroup with its member's assignment. */
export function handOutAssignments(shard: GroupShard, group: ClassicGroup): void {
  answerAll(shard, group, (member) => synced(group, member));
}

/** Takes all assignments back and answers every waiting SyncGroup with an error. */
export function dropAssignments(shard: GroupShard, group: ClassicGroup, error: ErrorName): void {
  for (const member of group.members) member.assignment = NO_BYTES;
  answerAll(shard, group, () => syncError(error));
}

function answerAll(
  shard: GroupShard,
  group: ClassicGroup,
  replyTo: (member: ClassicMember) => SyncGroupReply,
): void {
  for (const member of group.members) {
    // A session that ran out while its member waited for us was let pass, and no other was begun.
    if (member.answerSync(replyTo(member))) renewSession(shard, group, member);
  }
}
