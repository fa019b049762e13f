/**
 * Makes the directories of new partitions durable, and in them which topic they belong to. Partitions that are made
 * together share what can be shared, and don't hold up the first records, which usually follow at once: these are on
 * the device no sooner, unless the topic's flush policy says so, and then they wait for it (see flush.ts).
 *
 * A power cut may come before. A directory that doesn't say whose it is belongs to the topic of its name; that it can't
 * be that of a deleted topic of the same name is seen to when a topic is deleted.
 */
import type { Disk } from "../disk/disk.ts";
import type { LogDirectory } from "./log-directory.ts";
import { inParallel } from "./parallel.ts";
import type { PartitionLog } from "./partition-log.ts";

/** Each holds two descriptors, one after the other; the thread pool has hardly more threads. */
const PARALLELISM = 8;

export class MetadataFlushes {
  #waiting = new Map<LogDirectory, PartitionLog[]>();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly disk: Disk,
    /** Is to call `flush` before long. */
    private readonly wantFlush: () => void,
  ) {}

  /** The log's directory is durable before long. */
  add(log: PartitionLog, directory: LogDirectory): void {
    if (log.metadataIsDurable) return;
    if (this.#waiting.size === 0) this.wantFlush();
    const logs = this.#waiting.get(directory);
    if (logs) logs.push(log);
    else this.#waiting.set(directory, [log]);
  }

  /** Makes all durable that wait. Never rejects: a directory that fails is offline. */
  flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    this.#running = this.#running.then(async () => {
      for (const [directory, logs] of waiting) await this.#flushDirectory(directory, logs);
    });
    return this.#running;
  }

  async #flushDirectory(directory: LogDirectory, logs: readonly PartitionLog[]): Promise<void> {
    const done: (() => void)[] = [];
    await inParallel(logs, PARALLELISM, async (log) => {
      if (log.isClosed || !directory.health.isOnline) return;
      try {
        done.push(await log.flushOwnMetadata());
      } catch (error) {
        // Somebody deleted or closed the log meanwhile: then there is nothing to be made durable.
        if (!log.isClosed) directory.health.failed(error, `creating ${log.directory}`);
      }
    });
    if (done.length === 0 || !directory.health.isOnline) return;
    try {
      await this.disk.flushDirectory(directory.path);
      for (const isDone of done) isDone();
    } catch (error) {
      directory.health.failed(error, `creating partitions in ${directory.path}`);
    }
  }
}
