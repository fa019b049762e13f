/**
 * A committed offset, as the state machine keeps it.
 */
import type { Uuid } from "../../protocol/uuid.ts";

export interface CommittedOffset {
  /** Whatever the client said: any int64. */
  readonly offset: bigint;
  /** -1 where the client gave none. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Milliseconds since 1970. */
  readonly commitTimestampMs: number;
  /** Milliseconds since 1970, of commits that brought a retention of their own (versions 2 to 4); -1 otherwise. */
  readonly expireTimestampMs: number;
  /** ZERO_UUID where the record has none. */
  readonly topicId: Uuid;
  /** Where the commit stands in the log: of two, the later one counts. */
  readonly recordOffset: number;
}
