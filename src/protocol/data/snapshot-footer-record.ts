/** SnapshotFooterRecord. The control record that closes a snapshot (KIP-630). */
import { data, int16 } from "../schema.ts";

export const SnapshotFooterRecord = data("SnapshotFooterRecord", { versions: "0", flexible: "0+" }, () => ({
  version: int16(),
}));
