/** SnapshotHeaderRecord. The control record that opens a snapshot (KIP-630). */
import { data, int16, int64 } from "../schema.ts";

export const SnapshotHeaderRecord = data("SnapshotHeaderRecord", { versions: "0", flexible: "0+" }, () => ({
  version: int16(),
  lastContainedLogTimestamp: int64(),
}));
