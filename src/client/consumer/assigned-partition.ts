/**
 * A partition that a consumer reads, and how far it has got.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicPartition } from "../topics.ts";

export class AssignedPartition implements TopicPartition {
  /** The offset to fetch next; null while it isn't known where to begin. */
  position: number | null = null;
  /** The offset behind the last record that was consumed; null before it is known where to begin. */
  consumed: number | null = null;
  /** The leader's epoch at that record's append, −1 if it isn't known. */
  consumedEpoch = -1;
  /** What is committed, as far as this consumer knows. */
  committed: number | null = null;
  /** How many answers with records of it wait to be consumed. */
  buffered = 0;
  /** Nothing is fetched before this time, by the clock that only runs forward. */
  notBeforeMs = 0;

  constructor(
    readonly topic: string,
    readonly topicId: Uuid,
    readonly partition: number,
  ) {}

  /** Begins, or begins anew, at an offset. */
  startAt(offset: number): void {
    this.position = offset;
    this.consumed = offset;
    this.consumedEpoch = -1;
  }
}
