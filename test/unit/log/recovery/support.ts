/**
 * What the tests of recovery share: the directory of a partition, in which files can be touched before its log is opened.
 */
import { expect } from "bun:test";
import { readdirSync } from "node:fs";
import { type OpenOptions, PartitionLog } from "../../../../src/log/partition-log.ts";
import {
  batchOf,
  client,
  consume,
  logOptions,
  removeDirectory,
  TestLogger,
  temporaryDirectory,
} from "../support.ts";

export class PartitionDirectory {
  readonly logger = new TestLogger();
  private readonly root = temporaryDirectory();
  private readonly opened: PartitionLog[] = [];

  get directory(): string {
    return `${this.root}/a-0`;
  }

  /** The file of the segment that begins at the offset. */
  path(base: number, suffix = ".log"): string {
    return `${this.directory}/${String(base).padStart(20, "0")}${suffix}`;
  }

  open(overrides: Partial<OpenOptions> = {}): PartitionLog {
    const configOverrides = { segmentBytes: 3000, indexIntervalBytes: 500 };
    const options = { logger: this.logger, configOverrides, ...overrides };
    const log = PartitionLog.open(logOptions(this.directory, options));
    this.opened.push(log);
    return log;
  }

  /** A log of forty records in several segments, closed. Returns the base offsets of its segments. */
  async written(): Promise<number[]> {
    const log = this.open();
    for (let index = 0; index < 20; index++)
      log.append(batchOf(2, { valueSize: 150, timestamp: 1000 + index }), client);
    await log.close();
    const bases = readdirSync(this.directory)
      .filter((name) => name.endsWith(".log"))
      .map((name) => Number.parseInt(name, 10));
    expect(bases.length).toBeGreaterThan(2);
    return bases.sort((a, b) => a - b);
  }

  remove(): void {
    for (const log of this.opened) log.abandon();
    removeDirectory(this.root);
  }
}

/** The offsets that a consumer gets. */
export const offsetsIn = (log: PartitionLog) => consume(log).map(({ offset }) => offset);

/** So many offsets from 0 on. */
export const upTo = (count: number) => Array.from({ length: count }, (_, offset) => offset);
