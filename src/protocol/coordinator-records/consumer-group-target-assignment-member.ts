/** ConsumerGroupTargetAssignmentMember. What a member of a consumer group is to have (KIP-848). */
import { array, int32, record, string, uuid } from "../schema.ts";

export const ConsumerGroupTargetAssignmentMemberKey = record(
  "ConsumerGroupTargetAssignmentMemberKey",
  { id: 7, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const ConsumerGroupTargetAssignmentMemberValue = record(
  "ConsumerGroupTargetAssignmentMemberValue",
  { id: 7, versions: "0", flexible: "0+" },
  () => ({
    topicPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  }),
);
