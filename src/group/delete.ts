/**
 * DeleteGroups: deletes a group without members, with all that it has committed.
 */
import type { Outcome } from "../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import type { DeleteGroupsResponse } from "../protocol/messages/delete-groups.ts";
import type { Encodable } from "../protocol/schema.ts";
import { offsetTombstones } from "./offsets/records.ts";
import type { GroupRecord } from "./record.ts";
import type { GroupShard } from "./shard.ts";

export type DeletionResult = Encodable<typeof DeleteGroupsResponse>["results"][number];

/** Deletes a group. Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
export function deleteGroup(shard: GroupShard, groupId: string): Outcome<GroupRecord, DeletionResult> {
  const group = shard.groups.get(groupId);
  if (group === undefined) throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} not found.`);
  group.validateDeleteGroup();
  const records = [...offsetTombstones(shard, groupId), ...group.tombstones()];
  shard.environment.logger.info(`Group ${groupId} is deleted, with ${records.length} tombstones.`);
  return { records, divisible: true, reply: { groupId, errorCode: ErrorCode.NONE } };
}
