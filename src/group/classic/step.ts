/**
 * What a step in a classic group's life writes, and what follows once it is written.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import type { GroupRecord } from "../record.ts";

/** An outcome that is not an answer itself: answers go to those who wait. */
export type Step = Outcome<GroupRecord, void>;

/** Nothing to write. */
export const NOTHING: Step = { records: [], reply: undefined };
