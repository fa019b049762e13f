/** ShareGroupCurrentMemberAssignment. What a member of a share group has (KIP-932). */
import { array, int8, int32, record, string, uuid } from "../schema.ts";

export const ShareGroupCurrentMemberAssignmentKey = record(
  "ShareGroupCurrentMemberAssignmentKey",
  { id: 14, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const ShareGroupCurrentMemberAssignmentValue = record(
  "ShareGroupCurrentMemberAssignmentValue",
  { id: 14, versions: "0", flexible: "0+" },
  () => ({
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  }),
);
