/**
 * OffsetCommit: checks who commits, and writes a record for every partition.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { KafkaError } from "../../protocol/errors.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/messages/offset-commit.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { ClassicGroup } from "../classic/group.ts";
import { renewSession } from "../classic/session.ts";
import type { Requester } from "../environment.ts";
import type { PartitionValidator } from "../group.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { commitRecords, NO_EXPIRY } from "./commit-records.ts";

type Request = Decoded<typeof OffsetCommitRequest>;

const NO_RETENTION = -1n;
/** From this version on a group that isn't there is told as such (KIP-848). */
const FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 9;

/**
 * Commits offsets; topics have their names and ids, and partitions exist.
 *
 * @throws KafkaError where the member may commit nothing at all
 */
export function commitOffsets(
  shard: GroupShard,
  request: Request,
  requester: Requester,
  nowMs: number,
): Outcome<GroupRecord, Encodable<typeof OffsetCommitResponse>> {
  const validate = validateCommit(shard, request, requester);
  const { retentionTimeMs } = request;
  const expireTimestamp =
    retentionTimeMs === NO_RETENTION ? NO_EXPIRY : BigInt.asIntN(64, BigInt(nowMs) + retentionTimeMs);
  return commitRecords(shard, request, { validate, nowMs, expireTimestamp });
}

function validateCommit(
  shard: GroupShard,
  request: Request,
  { apiVersion }: Requester,
): PartitionValidator | undefined {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch } = request;
  const group = shard.groups.get(groupId);
  if (group === undefined) {
    // An administrator, or a consumer that assigns itself: the commit makes the group.
    if (generationIdOrMemberEpoch < 0) return undefined;
    throw apiVersion >= FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND
      ? new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} not found.`)
      : new KafkaError("ILLEGAL_GENERATION", "Specified group generation id is not valid.");
  }
  const transactional = false;
  const committer = { memberId, groupInstanceId, generationIdOrMemberEpoch, transactional, apiVersion };
  const validate = group.validateOffsetCommit(committer);
  if (group.type === "classic") renewSessionOf(shard, group, memberId);
  return validate;
}

/** A commit says that the member is alive; except while the group waits for its SyncGroup, which has a time limit. */
function renewSessionOf(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const member = group.members.get(memberId);
  if (member === undefined || !(group.state === "Stable" || group.state === "PreparingRebalance")) return;
  renewSession(shard, group, member);
}
