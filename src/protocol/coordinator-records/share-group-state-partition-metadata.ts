/** ShareGroupStatePartitionMetadata. Which share partitions of a group have state (KIP-932). */
import { array, int32, record, string, uuid } from "../schema.ts";

export const ShareGroupStatePartitionMetadataKey = record(
  "ShareGroupStatePartitionMetadataKey",
  { id: 15, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
  }),
);

export const ShareGroupStatePartitionMetadataValue = record(
  "ShareGroupStatePartitionMetadataValue",
  { id: 15, versions: "0", flexible: "0+" },
  () => ({
    initializingTopics: array({
      topicId: uuid(),
      topicName: string(),
      partitions: array(int32()),
    }),
    initializedTopics: array({
      topicId: uuid(),
      topicName: string(),
      partitions: array(int32()),
    }),
    deletingTopics: array({
      topicId: uuid(),
      topicName: string(),
    }),
  }),
);
