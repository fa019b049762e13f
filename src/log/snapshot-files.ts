/**
 * The `.snapshot` files in a partition's directory: the state of its producers at the offset in the name. One is
 * written when a segment begins and when the log is closed, so that less of the log has to be read to rebuild it. They
 * are never flushed: one that a power cut has damaged doesn't have its checksum, and the log says the same.
 */
import { type Disk, isMissing } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { fileName, Suffix } from "./file-names.ts";
import { decodeSnapshot, encodeSnapshot } from "./producer-snapshot.ts";
import type { ProducerState } from "./producer-state.ts";

export class SnapshotFiles {
  /** In order. */
  #offsets: number[];
  #wasMade = false;

  /** `offsets`: of the files that lie in the directory. */
  constructor(
    private readonly disk: Disk,
    public directory: string,
    offsets: Iterable<number>,
    private readonly logger: Logger,
  ) {
    this.#offsets = [...offsets].sort((a, b) => a - b);
  }

  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /**
   * Loads the newest snapshot from offset `from` up to and including `upTo` into `state`, removing those it can't
   * read. Without one `state` is that of an empty log that begins at `from`.
   */
  loadLatest(state: ProducerState, from: number, upTo: number): void {
    state.clear(from);
    for (;;) {
      const offset = this.#offsets.findLast((candidate) => candidate <= upTo && candidate >= from);
      if (offset === undefined) return;
      try {
        for (const entry of decodeSnapshot(this.disk.readFile(this.#path(offset)))) state.restore(entry);
        state.endOffset = offset;
        return;
      } catch (error) {
        if (!(error instanceof MalformedError) && !isMissing(error)) throw error;
        const why = error instanceof MalformedError ? error.message : "is missing";
        this.logger.warn(`${this.#path(offset)} ${why}; the log is read instead`);
        this.remove(offset);
        state.clear(from);
      }
    }
  }

  /**
   * Writes the state to the file of its end offset, if there is none yet: nothing is written at offset 0.
   */
  take(state: ProducerState): void {
    const offset = state.endOffset;
    if (offset === 0 || this.#offsets.includes(offset)) return;
    this.disk.writeFile(this.#path(offset), encodeSnapshot(state.producers.values()));
    this.#offsets.push(offset);
    this.#offsets.sort((a, b) => a - b);
    this.#wasMade = true;
  }

  /** Whether a snapshot was taken since this was last asked. */
  takeMade(): boolean {
    const wasMade = this.#wasMade;
    this.#wasMade = false;
    return wasMade;
  }

  remove(offset: number): void {
    this.#offsets = this.#offsets.filter((other) => other !== offset);
    this.disk.remove(this.#path(offset));
  }

  removeWhere(condition: (offset: number) => boolean): void {
    for (const offset of this.#offsets.filter(condition)) this.remove(offset);
  }

  /** Keeps the snapshots at segments' beginnings, and one that is above them all. */
  removeStrays(segmentBaseOffsets: readonly number[]): void {
    const last = segmentBaseOffsets.at(-1) ?? 0;
    const newest = this.#offsets.at(-1);
    this.removeWhere((offset) => {
      const isNewest = offset === newest && offset > last;
      return !isNewest && !segmentBaseOffsets.includes(offset);
    });
  }

  #path(offset: number): string {
    return `${this.directory}/${fileName(offset, Suffix.producerSnapshot)}`;
  }
}
