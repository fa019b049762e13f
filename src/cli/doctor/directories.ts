/**
 * Looks at the log directories, and changes nothing in them: whether a broker can write there, with how much room, who
 * holds them, and to which cluster and node they belong.
 */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDiskError } from "../../disk/disk.ts";
import { lockHolder } from "../../disk/file-lock.ts";
import { realDisk } from "../../disk/real-disk.ts";
import { LOCK_FILE } from "../../log/directory-locks.ts";
import { META_PROPERTIES, type MetaProperties, parseMetaProperties } from "../../metadata/meta-properties.ts";
import { MetadataError } from "../../metadata/metadata-error.ts";
import { type Finding, finding } from "./finding.ts";

export interface ExaminedDirectory {
  readonly path: string;
  /** The process that works on it: 0 if it can't be named, null if there is none. */
  readonly holder: number | null;
  readonly clusterId: string | null;
  readonly findings: readonly Finding[];
}

interface Expected {
  readonly nodeId: number;
  /** The id that somebody wants the directories to have; undefined where any will do. */
  readonly clusterId: string | undefined;
}

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
/** Below this much room a broker soon stands still. */
const LITTLE_ROOM = GIBIBYTE;
const NO_ROOM = 64 * MEBIBYTE;

/** Throws the system's error where this user can't read and write the directory. */
type CheckAccess = (path: string) => void;

const checkAccess: CheckAccess = (path) => accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);

/** Examines a log directory. */
export function examineDirectory(
  path: string,
  expected: Expected,
  check: CheckAccess = checkAccess,
): ExaminedDirectory {
  const about = path;
  if (!existsSync(path)) {
    return { path, holder: null, clusterId: null, findings: [creatable(path, check)] };
  }
  const access = writable(path, about, check);
  if (access.severity === "problem") return { path, holder: null, clusterId: null, findings: [access] };
  const properties = propertiesOf(path, about);
  const holder = lockHolder(`${path}/${LOCK_FILE}`);
  const stored = "findings" in properties ? undefined : properties.read;
  const findings = [
    access,
    room(path, about),
    ...("findings" in properties ? properties.findings : identity(properties.read, path, expected)),
    ...(holder === null ? [] : [heldBy(holder, about)]),
  ];
  return { path, holder, clusterId: stored?.clusterId ?? null, findings };
}

/** Directories of one broker belong to one cluster. */
export function compareDirectories(directories: readonly ExaminedDirectory[]): Finding[] {
  const [first, ...others] = directories.filter(({ clusterId }) => clusterId !== null);
  return others
    .filter(({ clusterId }) => clusterId !== first?.clusterId)
    .map(({ path, clusterId }) =>
      finding(
        path,
        "problem",
        `It belongs to cluster ${clusterId}, and ${first?.path} to cluster ${first?.clusterId}.`,
        "Take the one out of log.dirs that is of another cluster.",
      ),
    );
}

function creatable(path: string, check: CheckAccess): Finding {
  let parent = dirname(resolve(path));
  while (!existsSync(parent)) parent = dirname(parent);
  const access = writable(parent, path, check);
  if (access.severity !== "problem")
    return finding(path, "ok", "It isn't there yet; the first start makes it.");
  return finding(path, "problem", `It isn't there, and can't be made: ${access.message}`, access.advice);
}

function writable(path: string, about: string, check: CheckAccess): Finding {
  const { uid, gid, mode } = statSync(path);
  if (!statSync(path).isDirectory()) {
    return finding(about, "problem", `${path} is a file, and no directory.`, "Set log.dirs to a directory.");
  }
  try {
    check(path);
    return finding(about, "ok", "This user can write there.");
  } catch (error) {
    if (!isDiskError(error)) throw error;
    const user = process.getuid?.() ?? -1;
    const permissions = (mode & 0o777).toString(8).padStart(3, "0");
    const why =
      error.code === "EROFS"
        ? `${path} is on a file system that can only be read.`
        : `User ${user} can't write to ${path}, which belongs to user ${uid} and group ${gid} with mode ${permissions}.`;
    const advice =
      error.code === "EROFS"
        ? "Mount it for writing, or set log.dirs to another directory."
        : `Let user ${user} write there, as with: chown -R ${user} ${path}`;
    return finding(about, "problem", why, advice);
  }
}

function room(path: string, about: string): Finding {
  const { freeBytes, totalBytes } = realDisk.space(path);
  const text = `${bytesText(freeBytes)} of ${bytesText(totalBytes)} are free.`;
  if (freeBytes < NO_ROOM) {
    return finding(about, "problem", text, "Make room, or set log.dirs to a larger file system.");
  }
  if (freeBytes < LITTLE_ROOM) {
    return finding(about, "warning", text, "Make room soon, or let topics keep less (retention.bytes).");
  }
  return finding(about, "ok", text);
}

function propertiesOf(path: string, about: string): { read: MetaProperties } | { findings: Finding[] } {
  const file = `${path}/${META_PROPERTIES}`;
  if (!existsSync(file))
    return { findings: [finding(about, "ok", "It isn't formatted yet; the first start does that.")] };
  try {
    return { read: parseMetaProperties(realDisk.readFile(file).toString("utf8"), file) };
  } catch (error) {
    if (!(error instanceof MetadataError) && !isDiskError(error)) throw error;
    const advice = "Restore the file, or move it away if the directory's data isn't wanted any more.";
    return { findings: [finding(about, "problem", error.message, advice)] };
  }
}

function identity({ clusterId, nodeId }: MetaProperties, path: string, expected: Expected): Finding[] {
  const file = `${path}/${META_PROPERTIES}`;
  const findings = [
    finding(path, "ok", `It belongs to node ${nodeId ?? "-"} of cluster ${clusterId ?? "-"}.`),
  ];
  if (nodeId !== undefined && nodeId !== expected.nodeId) {
    const message = `${file} is of node ${nodeId}, and node.id is ${expected.nodeId}.`;
    findings.push(
      finding(path, "problem", message, `Set node.id=${nodeId}, or log.dirs to the other node's data.`),
    );
  }
  if (expected.clusterId !== undefined && clusterId !== undefined && clusterId !== expected.clusterId) {
    const message = `${file} is of cluster ${clusterId}, and CLUSTER_ID is ${expected.clusterId}.`;
    findings.push(
      finding(
        path,
        "problem",
        message,
        `Leave CLUSTER_ID out or set it to ${clusterId}, to keep the data; or give log.dirs an empty directory.`,
      ),
    );
  }
  return findings;
}

function heldBy(holder: number, about: string): Finding {
  return finding(about, "note", `${holder > 0 ? `Process ${holder}` : "Another process"} works on it now.`);
}

/** Bytes as people say them. */
function bytesText(bytes: number): string {
  return bytes >= GIBIBYTE ? `${(bytes / GIBIBYTE).toFixed(1)} GiB` : `${Math.floor(bytes / MEBIBYTE)} MiB`;
}
