/**
 * Record batches as producers send them.
 */
import { buildBatch, type NewBatch } from "../../src/records/builder.ts";

/** A batch with a record for each value; `timestamp` is the first one's, the others follow by a millisecond. */
export function batchOf(
  values: readonly string[],
  { timestamp = 1_700_000_000_000, ...batch }: Partial<NewBatch> & { timestamp?: number } = {},
): Buffer {
  return buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    records: values.map((value, index) => ({
      timestamp: timestamp + index,
      key: null,
      value: Buffer.from(value),
    })),
    ...batch,
  });
}
