/** ConsumerGroupPartitionMetadata. The partitions that a consumer group counted on; no longer written. */
import { array, int32, record, string, uuid } from "../schema.ts";

export const ConsumerGroupPartitionMetadataKey = record(
  "ConsumerGroupPartitionMetadataKey",
  { id: 4, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ConsumerGroupPartitionMetadataValue = record(
  "ConsumerGroupPartitionMetadataValue",
  { id: 4, versions: "0", flexible: "0+" },
  () => ({
    topics: array({
      topicId: uuid(),
      topicName: string(),
      numPartitions: int32(),
      partitionMetadata: array({
        partition: int32(),
        racks: array(string()),
      }),
    }),
  }),
);
