/** StreamsGroupMetadata. A streams group's epoch (KIP-1071). */
import { array, int32, int64, record, string } from "../schema.ts";

export const StreamsGroupMetadataKey = record(
  "StreamsGroupMetadataKey",
  { id: 17, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const StreamsGroupMetadataValue = record(
  "StreamsGroupMetadataValue",
  { id: 17, versions: "0", flexible: "0+" },
  () => ({
    epoch: int32(),
    metadataHash: int64(),
    validatedTopologyEpoch: int32({ tag: 0, default: -1 }),
    lastAssignmentConfigs: array(
      {
        key: string(),
        value: string(),
      },
      { nullable: "0+", tag: 1 },
    ),
    storedDescriptionTopologyEpoch: int32({ tag: 2, default: -1 }),
    failedDescriptionTopologyEpoch: int32({ tag: 3, default: -1 }),
  }),
);
