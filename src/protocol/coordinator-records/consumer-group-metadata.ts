/** ConsumerGroupMetadata. A consumer group's epoch (KIP-848). */
import { int32, int64, record, string } from "../schema.ts";

export const ConsumerGroupMetadataKey = record(
  "ConsumerGroupMetadataKey",
  { id: 3, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ConsumerGroupMetadataValue = record(
  "ConsumerGroupMetadataValue",
  { id: 3, versions: "0", flexible: "0+" },
  () => ({
    epoch: int32(),
    metadataHash: int64({ tag: 0 }),
  }),
);
