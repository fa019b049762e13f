/**
 * `leader-epoch-checkpoint` of the metadata log: where each epoch of leadership began. What the log's batches say
 * counts; the file is only asked about what was not read because a snapshot holds it.
 */
import type { Disk } from "../../disk/disk.ts";
import { formatCheckpoint, parseCheckpoint } from "../../log/checkpoint-file.ts";
import type { EpochStart } from "./log-state.ts";

export const LEADER_EPOCHS = "leader-epoch-checkpoint";

/**
 * All epochs in their order: those in the file from before the first that was found in the log, then these. The first
 * that was found may have begun before that, where a snapshot holds the beginning.
 */
export function allEpochs(disk: Disk, path: string, found: readonly EpochStart[]): EpochStart[] {
  const [first, ...rest] = found;
  const said = inFile(disk, path);
  if (first === undefined) return said;
  const before = said.filter((entry) => entry.epoch <= first.epoch && entry.startOffset < first.startOffset);
  return before.at(-1)?.epoch === first.epoch ? [...before, ...rest] : [...before, ...found];
}

function inFile(disk: Disk, path: string): EpochStart[] {
  if (!disk.exists(path)) return [];
  try {
    return parseCheckpoint(new TextDecoder().decode(disk.readFile(path)), 2).map(([epoch, startOffset]) => ({
      epoch: Number(epoch),
      startOffset: Number(startOffset),
    }));
  } catch (error) {
    // Whoever opens the log finds its epochs in its batches.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Writes the file if it doesn't say so already. */
export async function writeEpochs(disk: Disk, path: string, epochs: readonly EpochStart[]): Promise<void> {
  const content = formatCheckpoint(epochs.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`));
  const before = disk.exists(path) ? new TextDecoder().decode(disk.readFile(path)) : undefined;
  if (content !== before) await disk.replaceFile(path, content);
}
