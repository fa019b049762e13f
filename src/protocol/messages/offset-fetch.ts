/** OffsetFetch (9). The offsets that a group has committed. 8 asks for several groups (KIP-709); 9 speaks to consumer groups (KIP-848); 10 names topics by id. */
import { array, boolean, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const OffsetFetchRequest = request(
  "OffsetFetchRequest",
  { key: 9, versions: "1-10", flexible: "6+" },
  () => ({
    groups: array(
      {
        groupId: string(),
        memberId: string({ versions: "9+", nullable: "9+", default: null }),
        memberEpoch: int32({ versions: "9+", default: -1 }),
        topics: array(
          {
            topicId: uuid({ versions: "10+" }),
            name: string({ versions: "8-9" }),
            partitionIndexes: array(int32()),
          },
          { nullable: "8+" },
        ),
      },
      { versions: "8+" },
    ),
    groupId: string({ versions: "1-7" }),
    topics: array(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      { versions: "1-7", nullable: "2-7" },
    ),
    requireStable: boolean({ versions: "7+" }),
  }),
);

export const OffsetFetchResponse = response(
  "OffsetFetchResponse",
  { key: 9, versions: "1-10", flexible: "6+" },
  () => ({
    throttleTimeMs: int32({ versions: "3+" }),
    groups: array(
      {
        groupId: string(),
        topics: array({
          topicId: uuid({ versions: "10+" }),
          name: string({ versions: "8-9" }),
          partitions: array({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ default: -1 }),
            metadata: string({ nullable: "8+" }),
            errorCode: int16(),
          }),
        }),
        errorCode: int16(),
      },
      { versions: "8+" },
    ),
    topics: array(
      {
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ versions: "5-7", default: -1 }),
          metadata: string({ nullable: "1-7" }),
          errorCode: int16(),
        }),
      },
      { versions: "1-7" },
    ),
    errorCode: int16({ versions: "2-7" }),
  }),
);
