/** ShareGroupTargetAssignmentMember. What a member of a share group is to have (KIP-932). */
import { array, int32, record, string, uuid } from "../schema.ts";

export const ShareGroupTargetAssignmentMemberKey = record(
  "ShareGroupTargetAssignmentMemberKey",
  { id: 13, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const ShareGroupTargetAssignmentMemberValue = record(
  "ShareGroupTargetAssignmentMemberValue",
  { id: 13, versions: "0", flexible: "0+" },
  () => ({
    topicPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  }),
);
