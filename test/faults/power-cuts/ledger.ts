/**
 * What a workload has asked of the broker, and what of it was acknowledged: the measure of what must be there after a
 * power cut, and of what may.
 */

export interface SentRecord {
  readonly key: string | null;
  readonly value: string;
  /** Its offset once it was acknowledged. */
  offset: number | undefined;
}

export class TopicLedger {
  /** Whether its creation and its deletion were asked for and acknowledged. */
  created: Wish = "asked";
  deleted: Wish = "no";
  readonly records: SentRecord[] = [];
  /** The log's start that was asked for, and the one that was acknowledged. */
  askedStart = 0;
  acknowledgedStart = 0;

  constructor(
    readonly name: string,
    readonly isCompacted: boolean,
  ) {}
}

export type Wish = "no" | "asked" | "acknowledged";

export class Ledger {
  readonly topics: TopicLedger[] = [];
  /** Committed offsets of the group: asked for and acknowledged. */
  askedCommit = -1;
  acknowledgedCommit = -1;
  /** A topic's retention.ms: what it may be. */
  readonly retentionMs = new Set(["604800000"]);
  /** Whether the workload came to its end. */
  isComplete = false;
}
