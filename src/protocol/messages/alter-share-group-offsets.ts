/** AlterShareGroupOffsets (91). Changes where share groups start (KIP-932). */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const AlterShareGroupOffsetsRequest = request(
  "AlterShareGroupOffsetsRequest",
  { key: 91, versions: "0", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        startOffset: int64(),
      }),
    }),
  }),
);

export const AlterShareGroupOffsetsResponse = response(
  "AlterShareGroupOffsetsResponse",
  { key: 91, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
      }),
    }),
  }),
);
