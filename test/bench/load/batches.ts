/**
 * Ready-made record batches.
 */
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";

export interface BatchShape {
  readonly recordBytes: number;
  readonly records: number;
  readonly compression?: "none" | "lz4";
}

/** Text that compresses about as well as JSON does: digits, with every other run of them repeated. */
function value(size: number, seed: number): Buffer {
  let state = seed * 2_654_435_761 + 1;
  let text = "";
  while (text.length < size) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const word = state.toString(36);
    text += word + word;
  }
  return Buffer.from(text.slice(0, size));
}

/** A batch as a producer without idempotence sends it, so that it may be sent again and again. */
export function readyBatch({ recordBytes, records, compression = "none" }: BatchShape): Buffer {
  const timestamp = Date.now();
  return buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    compression: CompressionType[compression],
    records: Array.from({ length: records }, (_, index) => ({
      timestamp,
      key: null,
      value: value(recordBytes, index),
    })),
  });
}
