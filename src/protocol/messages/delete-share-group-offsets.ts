/** DeleteShareGroupOffsets (92). Deletes where share groups start (KIP-932). */
import { array, int16, int32, request, response, string, uuid } from "../schema.ts";

export const DeleteShareGroupOffsetsRequest = request(
  "DeleteShareGroupOffsetsRequest",
  { key: 92, versions: "0", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicName: string(),
    }),
  }),
);

export const DeleteShareGroupOffsetsResponse = response(
  "DeleteShareGroupOffsetsResponse",
  { key: 92, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  }),
);
