/**
 * Compares a partition's `leader-epoch-checkpoint` with the epochs in its batches.
 */
import { type Disk, isMissing } from "../../disk/disk.ts";
import { parseCheckpoint } from "../../log/checkpoint-file.ts";
import type { EpochStart } from "../../log/leader-epoch-cache.ts";
import type { BatchView } from "../../log/walk-batches.ts";
import { baseOffset, partitionLeaderEpoch } from "../../records/batch-header.ts";

/** Reads the file. Returns a sentence instead when it is no such file; null when there is none. */
export function readEpochs(disk: Disk, path: string): EpochStart[] | string | null {
  try {
    const entries = parseCheckpoint(disk.readFile(path).toString("utf8"), 2);
    const epochs = entries.map(([epoch, startOffset]) => ({
      epoch: Number(epoch),
      startOffset: Number(startOffset),
    }));
    const falling = epochs.findIndex((entry, index) => {
      const before = epochs[index - 1];
      return before !== undefined && (entry.epoch <= before.epoch || entry.startOffset < before.startOffset);
    });
    return falling < 0 ? epochs : `epoch ${epochs[falling]?.epoch} does not rise above the one before it`;
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

export class EpochCheck {
  private index = 0;
  private told = false;

  constructor(
    private readonly epochs: readonly EpochStart[],
    private readonly logStartOffset: number,
    private readonly tell: (what: string) => void,
  ) {}

  batch({ buffer, at }: BatchView): void {
    const offset = baseOffset(buffer, at);
    const epoch = partitionLeaderEpoch(buffer, at);
    if (this.told || epoch < 0 || offset < this.logStartOffset) return;
    for (let next = this.epochs[this.index + 1]; next !== undefined && next.startOffset <= offset; ) {
      this.index++;
      next = this.epochs[this.index + 1];
    }
    const current = this.epochs[this.index];
    const known = current !== undefined && current.startOffset <= offset ? current.epoch : -1;
    if (known === epoch) return;
    // Every batch behind it would say the same.
    this.told = true;
    const says = known < 0 ? "no epoch is known there" : `epoch ${known} is said to be there`;
    this.tell(`the batch at offset ${offset} is of epoch ${epoch}, and ${says}`);
  }
}
