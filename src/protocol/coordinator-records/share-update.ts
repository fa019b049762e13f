/** ShareUpdate. What has changed of a share partition since its snapshot (KIP-932). */
import { array, int8, int16, int32, int64, record, string, uuid } from "../schema.ts";

export const ShareUpdateKey = record("ShareUpdateKey", { id: 1, versions: "0", flexible: "none" }, () => ({
  groupId: string(),
  topicId: uuid(),
  partition: int32(),
}));

export const ShareUpdateValue = record("ShareUpdateValue", { id: 1, versions: "0", flexible: "0+" }, () => ({
  snapshotEpoch: int32(),
  leaderEpoch: int32(),
  startOffset: int64(),
  stateBatches: array({
    firstOffset: int64(),
    lastOffset: int64(),
    deliveryState: int8(),
    deliveryCount: int16(),
  }),
  deliveryCompleteCount: int32({ tag: 0, default: -1 }),
}));
