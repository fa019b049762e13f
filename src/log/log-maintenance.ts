/**
 * What is done for the logs while the broker runs: retention, checkpoints, forgetting producers that are gone.
 */
import type { Clock, Timer } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import type { CheckpointKind, Hosted } from "./log-directory.ts";
import type { PartitionLog } from "./partition-log.ts";

/** In milliseconds. */
export interface MaintenanceSettings {
  /** `log.initial.task.delay.ms`: until the first checkpoint, unless their interval is shorter. */
  readonly initialDelayMs?: number;
  /**
   * `log.retention.check.interval.ms`. The first check comes after one interval, never sooner: who opens an old
   * directory to look at it has that long before its records go.
   */
  readonly retentionCheckIntervalMs: number;
  /** `log.flush.offset.checkpoint.interval.ms`: of recovery points, and of the others if it isn't said. */
  readonly checkpointIntervalMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartCheckpointIntervalMs?: number;
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointIntervalMs?: number;
  /** `producer.id.expiration.ms` */
  readonly producerIdExpirationMs: number;
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerIdExpirationCheckIntervalMs: number;
}

/** What maintenance needs of the log manager. */
export interface Maintained {
  hosted(): Iterable<Hosted>;
  open(hosted: Hosted): PartitionLog;
  /** Closes a log again in which nothing was changed since it was opened. */
  letGo(hosted: Hosted): void;
  checkpoint(kinds: readonly CheckpointKind[]): Promise<void>;
}

/** Logs that are looked at before others get a turn of the event loop. */
const LOGS_AT_A_TIME = 32;

export class LogMaintenance {
  readonly #timers = new Set<Timer>();
  /** Logs that the console has heard of: something is wrong with them. */
  readonly #told = new WeakSet<Hosted>();
  #isStopped = false;

  constructor(
    private readonly settings: MaintenanceSettings,
    private readonly clock: Clock,
    private readonly maintained: Maintained,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const { settings } = this;
    const { retentionCheckIntervalMs, checkpointIntervalMs, producerIdExpirationCheckIntervalMs } = settings;
    this.#every(retentionCheckIntervalMs, () => this.applyRetention());
    this.#checkpointEvery(checkpointIntervalMs, "recovery points");
    this.#checkpointEvery(settings.logStartCheckpointIntervalMs ?? checkpointIntervalMs, "log starts");
    this.#checkpointEvery(
      settings.highWatermarkCheckpointIntervalMs ?? checkpointIntervalMs,
      "high watermarks",
    );
    this.#every(producerIdExpirationCheckIntervalMs, async () => {
      for (const { log } of this.maintained.hosted()) log?.expireProducers();
    });
  }

  /** Calls off all that is scheduled. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  /** Runs something once, unless maintenance stops before. */
  later(delayMs: number, run: () => void): void {
    const timer = this.clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  /** A log that nobody has opened doesn't stay open for this, unless something in it is to be deleted. */
  #applyRetentionTo(hosted: Hosted): number {
    if (hosted.log) return hosted.log.applyRetention();
    if (!hosted.directory.health.isOnline) return 0;
    if (hosted.directory.sizeOf(hosted) === 0) return 0;
    const deleted = this.maintained.open(hosted).applyRetention();
    if (deleted === 0) this.maintained.letGo(hosted);
    return deleted;
  }

  /** Deletes the segments that must go, in all partitions. Returns how many. */
  async applyRetention(): Promise<number> {
    let deleted = 0;
    let looked = 0;
    for (const hosted of [...this.maintained.hosted()]) {
      if (this.#isStopped) break;
      if (++looked % LOGS_AT_A_TIME === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      try {
        deleted += this.#applyRetentionTo(hosted);
      } catch (error) {
        this.#tell(hosted, error);
      }
    }
    return deleted;
  }

  /** What is wrong with one log is no reason to leave the others. A directory that fails tells that itself. */
  #tell(hosted: Hosted, error: unknown): void {
    if (!hosted.directory.health.isOnline || this.#told.has(hosted)) return;
    this.#told.add(hosted);
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.error(`Nothing in ${hosted.path} is deleted, however old it is: ${reason}`);
  }

  #checkpointEvery(intervalMs: number, kind: CheckpointKind): void {
    const firstMs = Math.min(this.settings.initialDelayMs ?? intervalMs, intervalMs);
    this.#every(intervalMs, () => this.maintained.checkpoint([kind]), firstMs);
  }

  /** Failures are the log directory's to tell. */
  #every(intervalMs: number, run: () => Promise<unknown>, firstMs = intervalMs): void {
    this.later(firstMs, () => {
      run()
        .catch(() => undefined)
        .finally(() => {
          if (!this.#isStopped) this.#every(intervalMs, run);
        });
    });
  }
}
