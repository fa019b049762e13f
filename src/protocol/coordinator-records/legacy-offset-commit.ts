/** LegacyOffsetCommit. A group's committed offset, as the oldest brokers wrote it. */
import { int32, int64, record, string } from "../schema.ts";

export const LegacyOffsetCommitKey = record(
  "LegacyOffsetCommitKey",
  { id: 0, versions: "0", flexible: "none" },
  () => ({
    group: string(),
    topic: string(),
    partition: int32(),
  }),
);

export const LegacyOffsetCommitValue = record(
  "LegacyOffsetCommitValue",
  { id: 0, versions: "0", flexible: "none" },
  () => ({
    offset: int64(),
    metadata: string(),
    commitTimestamp: int64(),
  }),
);
