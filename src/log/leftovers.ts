/**
 * What a process that died may have left in a partition's directory: files to be deleted, files compaction was still
 * writing, and a swap of compacted segments that it had begun. Cleared up before anything is loaded, as Kafka does.
 */
import type { Disk } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import { lastOffset } from "../records/batch-header.ts";
import { offsetOfFile, Suffix } from "./file-names.ts";
import { LazyFile, OpenFiles } from "./open-files.ts";
import { walkHeaders } from "./walk-batches.ts";

/** Clears up, and returns the names of the files that are there then. */
export function clearLeftovers(disk: Disk, directory: string, logger: Logger): string[] {
  const names = disk.list(directory).flatMap(({ name, kind }) => (kind === "file" ? [name] : []));
  const cleaned = names.filter((name) => name.endsWith(Suffix.cleaned));
  const swaps = names.filter((name) => name.endsWith(Suffix.swap));
  const remove = (name: string) => disk.remove(`${directory}/${name}`);
  for (const name of names) if (name.endsWith(Suffix.deleted) || name.endsWith(".tmp")) remove(name);

  // A swap that begins at or above what was still being written belongs to the same unfinished work.
  const unfinishedFrom = Math.min(Number.POSITIVE_INFINITY, ...cleaned.map(offsetOfFile));
  const finished = swaps.filter((name) => offsetOfFile(name) < unfinishedFrom);
  for (const name of swaps) if (!finished.includes(name)) remove(name);
  for (const name of cleaned) remove(name);
  if (finished.length > 0) finishSwap(disk, directory, finished, logger);
  const clean = names.every((name) => !/\.(deleted|tmp|cleaned|swap)$/.test(name));
  return clean ? names : disk.list(directory).flatMap(({ name, kind }) => (kind === "file" ? [name] : []));
}

/** Removes the segments that the swapped ones replace, and gives these their names. */
function finishSwap(disk: Disk, directory: string, swaps: readonly string[], logger: Logger): void {
  const logs = swaps.filter((name) => name.endsWith(Suffix.log + Suffix.swap));
  const from = Math.min(Number.POSITIVE_INFINITY, ...logs.map(offsetOfFile));
  const to = Math.max(
    -1,
    ...logs.map((name) => nextOffsetOf(disk, `${directory}/${name}`, offsetOfFile(name))),
  );
  for (const { name, kind } of disk.list(directory)) {
    const offset = offsetOfFile(name);
    if (kind !== "file" || offset < from || offset >= to || name.endsWith(Suffix.swap)) continue;
    if (name.endsWith(Suffix.producerSnapshot)) continue;
    logger.info(`${directory}/${name} was compacted before the broker stopped; it is removed`);
    disk.remove(`${directory}/${name}`);
  }
  for (const name of swaps) {
    disk.rename(`${directory}/${name}`, `${directory}/${name.slice(0, -Suffix.swap.length)}`);
  }
  disk.syncDirectory(directory);
}

function nextOffsetOf(disk: Disk, path: string, baseOffset: number): number {
  const file = new LazyFile(new OpenFiles(disk, 1), path);
  let next = baseOffset;
  walkHeaders(file, 0, disk.sizeOf(path), (buffer, at) => {
    next = lastOffset(buffer, at) + 1;
    return false;
  });
  file.close();
  return next;
}
