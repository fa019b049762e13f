/**
 * Checks everything that lies in one log directory.
 */
import { CLEAN_SHUTDOWN_FILE } from "../../log/clean-shutdown.ts";
import { LOCK_FILE } from "../../log/directory-locks.ts";
import { parseDirectoryName, type TopicPartition } from "../../log/file-names.ts";
import { BOOTSTRAP_CHECKPOINT, METADATA_DIRECTORY } from "../../metadata/log/file-names.ts";
import { META_PROPERTIES } from "../../metadata/meta-properties.ts";
import { checkOwner, tellUnmade } from "./against-metadata.ts";
import { type Checkpoints, compareCheckpoints, readCheckpoints, tellMissing } from "./checkpoints.ts";
import { type CheckContext, type CheckedDirectory, reading } from "./context.ts";
import { checkPartition } from "./partition-check.ts";

/** Files beside the partitions' folders that are somebody's. */
const known = new Set([
  META_PROPERTIES,
  BOOTSTRAP_CHECKPOINT,
  CLEAN_SHUTDOWN_FILE,
  LOCK_FILE,
  `${LOCK_FILE}.pid`,
  "recovery-point-offset-checkpoint",
  "log-start-offset-checkpoint",
  "replication-offset-checkpoint",
  "cleaner-offset-checkpoint",
]);
const partitionFile =
  /^(\d{20}\.(log|index|timeindex|txnindex|snapshot)|partition\.metadata|leader-epoch-checkpoint)$/;
const leftover = /\.(deleted|cleaned|swap|tmp|part)$/;

/** Checks the directory's partitions; its meta.properties and the metadata have been looked at. */
export function checkDirectory(context: CheckContext, directory: CheckedDirectory): void {
  const { disk, report } = context;
  const { path, isInUse } = directory;
  const checkpoints = readCheckpoints(context, path);
  const folders = new Set<string>();
  for (const { name, kind } of disk.list(path).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const entry = `${path}/${name}`;
    if (kind === "file") {
      if (leftover.test(name)) report.note(entry, "left by a write that did not come to its end");
      else if (!known.has(name)) report.note(entry, "no broker has made this file");
      continue;
    }
    if (name === METADATA_DIRECTORY) continue;
    const parsed = parseDirectoryName(name);
    if (parsed === undefined) report.note(entry, "this is no partition's folder");
    else if (parsed.purpose === "deleted") report.note(entry, "it was deleted; a start removes it");
    else if (parsed.purpose !== "current") report.note(entry, `it is put aside as ${parsed.purpose}`);
    else {
      folders.add(name);
      reading(context, entry, isInUse, () => checkFolder(context, directory, name, parsed, checkpoints));
    }
  }
  tellMissing(context, directory, checkpoints, (name) => folders.has(name));
  if (!isInUse) tellUnmade(context, directory, (name) => folders.has(name));
}

function checkFolder(
  context: CheckContext,
  directory: CheckedDirectory,
  name: string,
  partition: TopicPartition,
  checkpoints: Checkpoints,
): void {
  const { disk, report } = context;
  const { isClosed, isInUse } = directory;
  const path = `${directory.path}/${name}`;
  report.looked.topics.add(partition.topic);
  report.looked.partitions++;
  checkOwner(context, directory, path, partition);
  const names = disk.list(path).flatMap((entry) => (entry.kind === "file" ? [entry.name] : []));
  const others = names.filter((each) => !partitionFile.test(each)).sort();
  tellFiles(
    context,
    path,
    others.filter((each) => leftover.test(each)),
    "left behind; a start removes them or finishes what they were for",
  );
  tellFiles(
    context,
    path,
    others.filter((each) => !leftover.test(each)),
    "files that no broker has made",
  );
  const recoveryPoint = checkpoints.recoveryPoints.get(name) ?? 0;
  const logStartOffset = checkpoints.logStartOffsets.get(name) ?? 0;
  const { end } = checkPartition(context, { path, names, isClosed, isInUse, recoveryPoint, logStartOffset });
  compareCheckpoints(context, directory.path, name, checkpoints, end, isClosed);
}

/** Names of files that are told of one folder; the others are counted. */
const TOLD_NAMES = 3;

function tellFiles({ report }: CheckContext, path: string, names: readonly string[], what: string): void {
  if (names.length === 0) return;
  const more = names.length > TOLD_NAMES ? ` and ${names.length - TOLD_NAMES} more` : "";
  report.note(path, `${names.slice(0, TOLD_NAMES).join(", ")}${more}: ${what}`);
}
