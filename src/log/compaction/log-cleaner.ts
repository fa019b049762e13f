/**
 * Compacts the logs of a broker, one after the other, beside whatever else goes on: always the dirtiest next. What
 * Kafka does with threads is done here in short turns of the event loop, and reading and writing on the thread pool.
 */
import type { Clock, Timer } from "../../clock.ts";
import type { LogConfig } from "../../config/topic-config.ts";
import type { Logger } from "../../observe/logger.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { CorruptLogError } from "../corrupt-log-error.ts";
import type { Hosted } from "../log-directory.ts";
import type { PartitionLog } from "../partition-log.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { Cleaned } from "./clean-log.ts";
import type { Cleanable } from "./cleanable.ts";
import { CleaningAborted, NoRoomError } from "./cleaning.ts";
import { OffsetMap } from "./offset-map.ts";
import { Throttle } from "./throttle.ts";
import { Turns } from "./turns.ts";

export interface CleanerSettings {
  /** `log.cleaner.enable` */
  readonly isEnabled: boolean;
  /** `log.cleaner.backoff.ms`: how long to wait when there was nothing to clean. */
  readonly backoffMs: number;
  /** `log.cleaner.dedupe.buffer.size` */
  readonly dedupeBufferBytes: number;
  /** `log.cleaner.io.buffer.load.factor` */
  readonly dedupeBufferLoadFactor: number;
  /** `log.cleaner.io.buffer.size` */
  readonly ioBufferBytes: number;
  /** `log.cleaner.io.max.bytes.per.second` */
  readonly ioMaxBytesPerSecond: number;
}

/** What the cleaner needs of the log manager. */
export interface CleanedLogs {
  hosted(): Iterable<Hosted>;
  open(hosted: Hosted): PartitionLog;
  /** Closes a log again in which nothing was changed since it was opened. */
  letGo(hosted: Hosted): void;
  configOf(topic: string): LogConfig;
}

interface Candidate {
  readonly hosted: Hosted;
  readonly log: PartitionLog;
  readonly part: Cleanable;
}

/** Logs that are looked at before others get a turn of the event loop. */
const LOGS_AT_A_TIME = 32;
const LOOK_AGAIN_MS = 600_000;
const RETRY_WITHOUT_ROOM_MS = 300_000;

export class LogCleaner {
  readonly #throttle: Throttle;
  /** Logs that something was wrong with, and when they may be tried again. */
  readonly #notBefore = new WeakMap<Hosted, number>();
  /** Logs that nobody uses, and when they are looked at again unless somebody does. */
  readonly #unused = new WeakMap<Hosted, number>();
  /** Logs that nobody has opened and that have but one segment: nothing can be cleaned in them. */
  readonly #small = new WeakSet<Hosted>();
  /** Of all that is cleaned one after the other. */
  #turns = new Turns();
  #timer: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(
    /** As they are now; `isEnabled` only counts at the start. */
    private readonly settings: () => CleanerSettings,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly logs: CleanedLogs,
  ) {
    this.#throttle = new Throttle(clock, () => settings().ioMaxBytesPerSecond);
  }

  /** Begins to clean, when the first backoff is over. */
  start(): void {
    if (this.settings().isEnabled) this.#later();
  }

  /** Ends what is going on. Resolves when nothing is touched any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  /** Cleans the dirtiest log, if one is worth it. Returns whether one was. */
  async cleanDirtiest(): Promise<boolean> {
    const candidate = await this.#dirtiest();
    if (!candidate) return false;
    await this.#clean(candidate);
    return true;
  }

  #later(): void {
    this.#timer = this.clock.schedule(this.settings().backoffMs, () => {
      this.#running = this.#cleanAll().finally(() => {
        if (!this.#isStopped) this.#later();
      });
    });
  }

  async #cleanAll(): Promise<void> {
    this.#turns = new Turns();
    try {
      while (!this.#isStopped && (await this.cleanDirtiest())) {
        // The next one may be another.
      }
    } catch (error) {
      this.logger.error(`Compaction failed: ${traceOf(error)}`);
    }
  }

  async #dirtiest(): Promise<Candidate | undefined> {
    let dirtiest: Candidate | undefined;
    let looked = 0;
    for (const hosted of [...this.logs.hosted()]) {
      if (++looked % LOGS_AT_A_TIME === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#isStopped) return undefined;
      const candidate = this.#look(hosted);
      if (candidate && candidate.part.ratio > (dirtiest?.part.ratio ?? -1)) dirtiest = candidate;
    }
    return dirtiest;
  }

  #look(hosted: Hosted): Candidate | undefined {
    const { topic, directory } = hosted;
    if (!this.logs.configOf(topic).cleanupPolicy.has("compact")) return undefined;
    if (!directory.health.isOnline || this.#mustWait(hosted)) return undefined;
    const wasOpen = hosted.log !== null;
    try {
      if (this.#isSmall(hosted)) return undefined;
      const log = hosted.log ?? this.logs.open(hosted);
      if (log.isClosed) return undefined;
      const part = this.#partOf(hosted, log);
      if (part.isWorthIt) return { hosted, log, part };
      if (!wasOpen) this.#lookAgainLater(hosted);
    } catch (error) {
      this.#giveUp(hosted, error);
    }
    return undefined;
  }

  /** What the checkpoint says and can't be right it says once. */
  #partOf(hosted: Hosted, log: PartitionLog): Cleanable {
    const { cleanerCheckpoint } = hosted.directory;
    const cleanedUpTo = cleanerCheckpoint.cleanedUpTo(hosted);
    const part = log.cleanablePart(cleanedUpTo);
    if (cleanedUpTo !== undefined && cleanedUpTo !== part.firstDirtyOffset) {
      cleanerCheckpoint.set(hosted, part.firstDirtyOffset);
    }
    return part;
  }

  /** What nobody writes to changes by getting older only. */
  #lookAgainLater(hosted: Hosted): void {
    this.logs.letGo(hosted);
    this.#unused.set(hosted, this.clock.now() + LOOK_AGAIN_MS);
  }

  #mustWait(hosted: Hosted): boolean {
    const now = this.clock.now();
    return (this.#notBefore.get(hosted) ?? 0) > now || (!hosted.log && (this.#unused.get(hosted) ?? 0) > now);
  }

  #isSmall(hosted: Hosted): boolean {
    if (hosted.log) return false;
    if (this.#small.has(hosted)) return true;
    const isSmall = hosted.directory.segmentsOf(hosted) < 2;
    if (isSmall) this.#small.add(hosted);
    return isSmall;
  }

  async #clean({ hosted, log, part }: Candidate): Promise<void> {
    const { dedupeBufferBytes, dedupeBufferLoadFactor, ioBufferBytes } = this.settings();
    const startedAt = this.clock.now();
    try {
      const cleaned = await log.clean(part, {
        map: new OffsetMap(dedupeBufferBytes, dedupeBufferLoadFactor, Math.floor(Math.random() * 0x7fffffff)),
        reader: new ChunkReader(Math.floor(ioBufferBytes / 2)),
        throttle: this.#throttle,
        turns: this.#turns,
        check: () => {
          if (this.#isStopped) throw new CleaningAborted("The broker stops");
        },
      });
      this.#report(log, part, cleaned, this.clock.now() - startedAt);
      const { directory } = hosted;
      directory.cleanerCheckpoint.set(hosted, cleaned.upToOffset);
      await directory.writeCleanerCheckpoint();
    } catch (error) {
      if (!(error instanceof CleaningAborted)) this.#giveUp(hosted, error);
    }
  }

  /** What is wrong with one log is no reason to leave the others. A directory that failed tells that itself. */
  #giveUp(hosted: Hosted, error: unknown): void {
    if (error instanceof NoRoomError) {
      this.#notBefore.set(hosted, this.clock.now() + RETRY_WITHOUT_ROOM_MS);
      this.logger.warn(`${hosted.path} can't be compacted: ${error.message}. It is tried again later`);
      return;
    }
    this.#notBefore.set(hosted, Number.POSITIVE_INFINITY);
    if (!hosted.directory.health.isOnline) return;
    this.logger.error(
      `${hosted.path} can't be compacted, and grows until the broker is started again: ${traceOf(error)}`,
    );
  }

  #report(log: PartitionLog, { firstDirtyOffset }: Cleanable, cleaned: Cleaned, tookMs: number): void {
    const { upToOffset, bytesBefore, bytesAfter, recordsRead, recordsKept, keyless } = cleaned;
    const name = `${log.topic}-${log.partition}`;
    this.logger.info(
      `${name} is compacted up to offset ${upToOffset} (dirty from ${firstDirtyOffset} on): ${bytesBefore} bytes became ${bytesAfter}, ${recordsKept} of ${recordsRead} records stay, in ${tookMs} ms`,
    );
    if (keyless > 0)
      this.logger.warn(`${name} had ${keyless} records without a key; compaction dropped them`);
  }
}

/** Where an error comes from matters only if nobody reckoned with it. */
function traceOf(error: unknown): string {
  if (error instanceof KafkaError || error instanceof CorruptLogError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
