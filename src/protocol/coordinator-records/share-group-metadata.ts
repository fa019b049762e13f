/** ShareGroupMetadata. A share group's epoch (KIP-932). */
import { int32, int64, record, string } from "../schema.ts";

export const ShareGroupMetadataKey = record(
  "ShareGroupMetadataKey",
  { id: 11, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ShareGroupMetadataValue = record(
  "ShareGroupMetadataValue",
  { id: 11, versions: "0", flexible: "0+" },
  () => ({
    epoch: int32(),
    metadataHash: int64(),
  }),
);
