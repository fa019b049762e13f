/** What readers of a partition see. */
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import { consume } from "../../log/support.ts";

/** The values that a reader of committed records is given, in order. */
export function committedValues(log: PartitionLog): string[] {
  return consume(log, "last_stable").map(({ value }) => String(value));
}
