/** TxnOffsetCommit (28). Commits a group's offsets within a transaction. 5 adds the group to it by itself (KIP-890). */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const TxnOffsetCommitRequest = request(
  "TxnOffsetCommitRequest",
  { key: 28, versions: "0-6", flexible: "3+" },
  () => ({
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationIdOrMemberEpoch: int32({ versions: "3+", default: -1 }),
    memberId: string({ versions: "3+" }),
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
    topics: array({
      topicId: uuid({ versions: "6+" }),
      name: string({ versions: "0-5" }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: "2+", default: -1 }),
        committedMetadata: string({ nullable: "0+" }),
      }),
    }),
  }),
);

export const TxnOffsetCommitResponse = response(
  "TxnOffsetCommitResponse",
  { key: 28, versions: "0-6", flexible: "3+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      topicId: uuid({ versions: "6+" }),
      name: string({ versions: "0-5" }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
);
