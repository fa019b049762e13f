/** OffsetCommit. A group's committed offset for a partition. 3 adds the leader epoch, 4 the topic id. */
import { int32, int64, record, string, uuid } from "../schema.ts";

export const OffsetCommitKey = record("OffsetCommitKey", { id: 1, versions: "0", flexible: "none" }, () => ({
  group: string(),
  topic: string(),
  partition: int32(),
}));

export const OffsetCommitValue = record(
  "OffsetCommitValue",
  { id: 1, versions: "0-4", flexible: "4+" },
  () => ({
    offset: int64(),
    leaderEpoch: int32({ versions: "3+", default: -1 }),
    metadata: string(),
    commitTimestamp: int64(),
    topicId: uuid({ versions: "4+", tag: 0 }),
    expireTimestamp: int64({ versions: "1", default: -1n }),
  }),
);
