/** StreamsGroupTargetAssignmentMember. What a member of a streams group is to have (KIP-1071). */
import { array, int32, record, string } from "../schema.ts";

export const StreamsGroupTargetAssignmentMemberKey = record(
  "StreamsGroupTargetAssignmentMemberKey",
  { id: 21, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const StreamsGroupTargetAssignmentMemberValue = record(
  "StreamsGroupTargetAssignmentMemberValue",
  { id: 21, versions: "0", flexible: "0+" },
  () => ({
    activeTasks: array({
      subtopologyId: string(),
      partitions: array(int32()),
    }),
    standbyTasks: array({
      subtopologyId: string(),
      partitions: array(int32()),
    }),
    warmupTasks: array({
      subtopologyId: string(),
      partitions: array(int32()),
    }),
  }),
);
