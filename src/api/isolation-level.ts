/**
 * How far a client reads: up to the high watermark, or only what no open transaction may still take back (KIP-98).
 */
import { KafkaError } from "../protocol/errors.ts";

const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

/** Whether an isolation level is read_committed. Throws INVALID_REQUEST for one that nobody knows. */
export function isReadCommitted(isolationLevel: number): boolean {
  if (isolationLevel === READ_COMMITTED) return true;
  if (isolationLevel === READ_UNCOMMITTED) return false;
  throw new KafkaError("INVALID_REQUEST", `There is no isolation level ${isolationLevel}.`);
}
