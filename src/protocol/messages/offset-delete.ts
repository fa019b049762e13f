/** OffsetDelete (47). Deletes a group's offsets of topics that it doesn't read (KIP-496). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const OffsetDeleteRequest = request(
  "OffsetDeleteRequest",
  { key: 47, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  }),
);

export const OffsetDeleteResponse = response(
  "OffsetDeleteResponse",
  { key: 47, versions: "0", flexible: "none" },
  () => ({
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
);
