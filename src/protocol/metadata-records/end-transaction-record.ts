/** EndTransactionRecord. What began together takes effect (KIP-868). */
import { record } from "../schema.ts";

export const EndTransactionRecord = record(
  "EndTransactionRecord",
  { id: 24, versions: "0", flexible: "0+" },
  () => ({}),
);
