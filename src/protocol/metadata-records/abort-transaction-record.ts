/** AbortTransactionRecord. What began together is dropped (KIP-868). */
import { record, string } from "../schema.ts";

export const AbortTransactionRecord = record(
  "AbortTransactionRecord",
  { id: 25, versions: "0", flexible: "0+" },
  () => ({
    reason: string({ nullable: "0+", tag: 0, default: null }),
  }),
);
