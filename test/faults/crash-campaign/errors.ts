/**
 * Errors in responses that a client gets over by trying again.
 */
import { ErrorCode, errorName } from "../../../src/protocol/errors.ts";
import { Broken } from "./ledger.ts";

const passing = new Set<number>([
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
]);

/** An answer that says: later. */
export class TryAgain extends Error {}

/** Throws TryAgain for an error that passes, Broken for one that must not come. */
export function check(errorCode: number, what: string): void {
  if (errorCode === ErrorCode.NONE) return;
  if (passing.has(errorCode)) throw new TryAgain(what);
  throw new Broken(`${what} is answered with ${errorName(errorCode)}`);
}
