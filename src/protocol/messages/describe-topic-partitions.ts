/** DescribeTopicPartitions (75). Topics and partitions, page by page (KIP-966). */
import { array, boolean, int16, int32, request, response, string, struct, uuid } from "../schema.ts";

export const DescribeTopicPartitionsRequest = request(
  "DescribeTopicPartitionsRequest",
  { key: 75, versions: "0", flexible: "0+" },
  () => ({
    topics: array({
      name: string(),
    }),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      { nullable: "0+", default: null },
    ),
  }),
);

export const DescribeTopicPartitionsResponse = response(
  "DescribeTopicPartitionsResponse",
  { key: 75, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      errorCode: int16(),
      name: string({ nullable: "0+" }),
      topicId: uuid(),
      isInternal: boolean(),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ default: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        eligibleLeaderReplicas: array(int32(), { nullable: "0+", default: null }),
        lastKnownElr: array(int32(), { nullable: "0+", default: null }),
        offlineReplicas: array(int32()),
      }),
      topicAuthorizedOperations: int32({ default: -2147483648 }),
    }),
    nextCursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      { nullable: "0+", default: null },
    ),
  }),
);
