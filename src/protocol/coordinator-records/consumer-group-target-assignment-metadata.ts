/** ConsumerGroupTargetAssignmentMetadata. The epoch of a consumer group's target assignment (KIP-848). */
import { int32, int64, record, string } from "../schema.ts";

export const ConsumerGroupTargetAssignmentMetadataKey = record(
  "ConsumerGroupTargetAssignmentMetadataKey",
  { id: 6, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ConsumerGroupTargetAssignmentMetadataValue = record(
  "ConsumerGroupTargetAssignmentMetadataValue",
  { id: 6, versions: "0", flexible: "0+" },
  () => ({
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  }),
);
