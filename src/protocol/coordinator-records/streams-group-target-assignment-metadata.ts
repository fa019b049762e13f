/** StreamsGroupTargetAssignmentMetadata. The epoch of a streams group's target assignment (KIP-1071). */
import { int32, int64, record, string } from "../schema.ts";

export const StreamsGroupTargetAssignmentMetadataKey = record(
  "StreamsGroupTargetAssignmentMetadataKey",
  { id: 20, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const StreamsGroupTargetAssignmentMetadataValue = record(
  "StreamsGroupTargetAssignmentMetadataValue",
  { id: 20, versions: "0", flexible: "0+" },
  () => ({
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  }),
);
