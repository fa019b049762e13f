/** DescribeShareGroupOffsets (90). Where share groups start (KIP-932). */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const DescribeShareGroupOffsetsRequest = request(
  "DescribeShareGroupOffsetsRequest",
  { key: 90, versions: "0-1", flexible: "0+" },
  () => ({
    groups: array({
      groupId: string(),
      topics: array(
        {
          topicName: string(),
          partitions: array(int32()),
        },
        { nullable: "0+" },
      ),
    }),
  }),
);

export const DescribeShareGroupOffsetsResponse = response(
  "DescribeShareGroupOffsetsResponse",
  { key: 90, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    groups: array({
      groupId: string(),
      topics: array({
        topicName: string(),
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64({ versions: "1+", default: -1n }),
          errorCode: int16(),
          errorMessage: string({ nullable: "0+", default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  }),
);
