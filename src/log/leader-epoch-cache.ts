/**
 * Where in a partition's log each leader epoch began, and its file `leader-epoch-checkpoint`.
 *
 * The file follows on flush, close and truncation only: an epoch that begins above the recovery point is found again
 * when the log is recovered.
 */
import { type Disk, isMissing } from "../disk/disk.ts";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint-file.ts";

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** What the wire holds for "no such epoch" and its offset. */
export const UNDEFINED_EPOCH = -1;
export const UNDEFINED_EPOCH_OFFSET = -1;

export class LeaderEpochCache {
  #entries: EpochStart[] = [];
  #written = "";

  constructor(
    private readonly disk: Disk,
    public path: string,
  ) {}

  /** Reads the file. Returns false when it is missing or not what it should be: then nothing is known. */
  load(): boolean {
    try {
      this.#written = this.disk.readFile(this.path).toString("utf8");
      for (const fields of parseCheckpoint(this.#written, 2)) {
        this.assign(Number(fields[0]), Number(fields[1]));
      }
      return true;
    } catch (error) {
      if (!isMissing(error) && !(error instanceof SyntaxError)) throw error;
      this.#entries = [];
      this.#written = "";
      return false;
    }
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** The latest epoch, or −1. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? UNDEFINED_EPOCH;
  }

  /** A batch of this epoch begins at `startOffset`. Entries that contradict it are dropped: the log is right. */
  assign(epoch: number, startOffset: number): void {
    if (epoch < 0 || startOffset < 0) return;
    const last = this.#entries.at(-1);
    if (last && last.epoch === epoch && startOffset >= last.startOffset) return;
    const stays = (entry: EpochStart) => entry.epoch < epoch && entry.startOffset < startOffset;
    this.#dropFromEnd(stays);
    this.#entries.push({ epoch, startOffset });
  }

  /**
   * Up to where a replica that was last in `epoch` agrees with this log: the largest epoch here that is not above
   * it, and where that ended. −1 and −1 when nothing can be said.
   */
  endOffsetFor(epoch: number, logEndOffset: number): { leaderEpoch: number; endOffset: number } {
    if (epoch !== UNDEFINED_EPOCH && epoch === this.latest)
      return { leaderEpoch: epoch, endOffset: logEndOffset };
    const higher = this.#entries.find((entry) => entry.epoch > epoch);
    if (epoch === UNDEFINED_EPOCH || !higher) {
      return { leaderEpoch: UNDEFINED_EPOCH, endOffset: UNDEFINED_EPOCH_OFFSET };
    }
    const floor = this.#entries.findLast((entry) => entry.epoch <= epoch);
    return { leaderEpoch: floor?.epoch ?? epoch, endOffset: higher.startOffset };
  }

  /** Forgets epochs that began at or above `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    this.#dropFromEnd((entry) => entry.startOffset < endOffset);
  }

  /** The log begins at `startOffset` now: so does the epoch it begins with. */
  truncateFromStart(startOffset: number): void {
    const past = this.#entries.filter((entry) => entry.startOffset <= startOffset);
    const first = past.at(-1);
    if (first) this.#entries.splice(0, past.length, { epoch: first.epoch, startOffset });
  }

  clear(): void {
    this.#entries = [];
  }

  /** Writes the file if it doesn't say so already. Returns whether it did: it is durable when its directory is flushed. */
  async flush(): Promise<boolean> {
    const content = this.#content();
    if (content === null) return false;
    await this.disk.replaceFile(this.path, content, false);
    this.#written = content;
    return true;
  }

  /** What has to be written, or null when the file holds it (or there is nothing to say and no file). */
  #content(): string | null {
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
    const content = formatCheckpoint(lines);
    const unchanged = content === this.#written || (lines.length === 0 && this.#written === "");
    return unchanged ? null : content;
  }

  #dropFromEnd(stays: (entry: EpochStart) => boolean): void {
    let kept = this.#entries.length;
    for (let entry = this.#entries[kept - 1]; entry && !stays(entry); entry = this.#entries[kept - 1]) kept--;
    this.#entries.length = kept;
  }
}
