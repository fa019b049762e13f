/** ShareGroupTargetAssignmentMetadata. The epoch of a share group's target assignment (KIP-932). */
import { int32, int64, record, string } from "../schema.ts";

export const ShareGroupTargetAssignmentMetadataKey = record(
  "ShareGroupTargetAssignmentMetadataKey",
  { id: 12, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ShareGroupTargetAssignmentMetadataValue = record(
  "ShareGroupTargetAssignmentMetadataValue",
  { id: 12, versions: "0", flexible: "0+" },
  () => ({
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  }),
);
