/** ConsumerGroupCurrentMemberAssignment. What a member of a consumer group has (KIP-848). */
import { array, int8, int32, record, string, uuid } from "../schema.ts";

export const ConsumerGroupCurrentMemberAssignmentKey = record(
  "ConsumerGroupCurrentMemberAssignmentKey",
  { id: 8, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const ConsumerGroupCurrentMemberAssignmentValue = record(
  "ConsumerGroupCurrentMemberAssignmentValue",
  { id: 8, versions: "0", flexible: "0+" },
  () => ({
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
      assignmentEpochs: array(int32(), { nullable: "0+", tag: 0 }),
    }),
    partitionsPendingRevocation: array({
      topicId: uuid(),
      partitions: array(int32()),
      assignmentEpochs: array(int32(), { nullable: "0+", tag: 0 }),
    }),
  }),
);
