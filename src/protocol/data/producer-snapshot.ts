/** ProducerSnapshot. The producers that a partition remembers, in its `.snapshot` files. */
import { array, data, int16, int32, int64, uint32 } from "../schema.ts";

export const ProducerSnapshot = data("ProducerSnapshot", { versions: "1", flexible: "none" }, () => ({
  crc: uint32(),
  producerEntries: array({
    producerId: int64(),
    epoch: int16(),
    lastSequence: int32(),
    lastOffset: int64(),
    offsetDelta: int32(),
    timestamp: int64(),
    coordinatorEpoch: int32(),
    currentTxnFirstOffset: int64(),
  }),
}));
