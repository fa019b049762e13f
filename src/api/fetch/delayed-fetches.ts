/**
 * Fetches that wait for records: each is woken when one of its logs moves, and ends when it has found enough, when
 * its time is up, when its client is gone or when the broker shuts down.
 */
import type { Clock, Timer } from "../../clock.ts";
import type { PartitionLog } from "../../log/partition-log.ts";
import type { ClientConnection } from "../client-connection.ts";

/**
 * How many partitions may be waited for at a time, by all fetches together; a fetch that would make it more is answered
 * at once, with what there is. A partition costs about a kilobyte.
 */
const MAX_AWAITED_PARTITIONS = 250_000;

/** What a fetch waits for. */
export interface Awaited {
  /** The logs to watch; undefined in the place of a partition that has none. */
  readonly logs: readonly (PartitionLog | undefined)[];
  readonly maxWaitMs: number;
  readonly connection: ClientConnection;
  /** Whether the fetch has enough now that the log at `position` of `logs` has moved. */
  hasEnough(position: number): boolean;
}

export class DelayedFetches {
  private readonly waiting = new Set<DelayedFetch>();
  private awaitedPartitions = 0;

  /** @param limit how many partitions may be waited for at a time */
  constructor(
    private readonly clock: Clock,
    private readonly limit = MAX_AWAITED_PARTITIONS,
  ) {}

  /** How many fetches wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Waits; true when the fetch is to be answered, false when nobody waits for the answer any more. */
  wait(awaited: Awaited): Promise<boolean> {
    if (awaited.connection.closed) return Promise.resolve(false);
    const partitions = Math.max(1, awaited.logs.length);
    if (this.awaitedPartitions + partitions > this.limit) return Promise.resolve(true);
    this.awaitedPartitions += partitions;
    return new Promise((resolve) => {
      const fetch = new DelayedFetch(awaited, this.clock, (isToBeAnswered) => {
        this.waiting.delete(fetch);
        this.awaitedPartitions -= partitions;
        resolve(isToBeAnswered);
      });
      this.waiting.add(fetch);
    });
  }

  /** Has every fetch answered with what there is: the broker shuts down. */
  completeAll(): void {
    for (const fetch of [...this.waiting]) fetch.end(true);
  }
}

class DelayedFetch {
  private readonly timer: Timer;
  private readonly stopListening: (() => void)[] = [];
  private readonly moved = new Set<number>();
  private hasEnded = false;

  constructor(
    private readonly awaited: Awaited,
    clock: Clock,
    private readonly ended: (isToBeAnswered: boolean) => void,
  ) {
    const { logs, maxWaitMs, connection } = awaited;
    for (const [position, log] of logs.entries()) {
      if (log !== undefined) this.stopListening.push(log.onAppend(() => this.logMoved(position)));
    }
    this.stopListening.push(connection.onClose(() => this.end(false)));
    this.timer = clock.schedule(maxWaitMs, () => this.end(true));
  }

  end(isToBeAnswered: boolean): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.timer.cancel();
    for (const stop of this.stopListening) stop();
    this.ended(isToBeAnswered);
  }

  /** Looks only when what runs now is through: the appends of a whole burst of requests wake a fetch once. */
  private logMoved(position: number): void {
    if (this.moved.size === 0) queueMicrotask(() => this.look());
    this.moved.add(position);
  }

  private look(): void {
    const moved = [...this.moved];
    this.moved.clear();
    if (moved.some((position) => this.awaited.hasEnough(position))) this.end(true);
  }
}
