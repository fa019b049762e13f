/**
 * `houska check DIR...`: verifies whole log directories, and changes nothing.
 */
import { resolve } from "node:path";
import { type Disk, isDiskError } from "../../disk/disk.ts";
import { lockHolder } from "../../disk/file-lock.ts";
import { realDisk } from "../../disk/real-disk.ts";
import { CLEAN_SHUTDOWN_FILE } from "../../log/clean-shutdown.ts";
import { LOCK_FILE } from "../../log/directory-locks.ts";
import type { ClusterImage } from "../../metadata/image/cluster-image.ts";
import { METADATA_DIRECTORY } from "../../metadata/log/file-names.ts";
import { META_PROPERTIES, type MetaProperties, parseMetaProperties } from "../../metadata/meta-properties.ts";
import { MetadataError } from "../../metadata/metadata-error.ts";
import { type Command, WrongUse } from "../command.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import type { CheckContext } from "./context.ts";
import { checkDirectory } from "./directory-check.ts";
import { checkMetadata } from "./metadata-check.ts";
import { Report } from "./report.ts";

const usage = `usage: houska check [options] DIRECTORY...

Verifies log directories and changes nothing: every batch's CRC and offsets, indexes, producers, leader epochs and
checkpoints against the logs, the metadata log, and the partitions' folders against the metadata. Name all directories
of a broker that has several, so that one is compared with the metadata in another. A directory that a broker works on
can be checked, too; what is being written at the time is left out.

A problem is something that is lost or would be read wrong; a note is what a start puts right by itself. The exit code
is 1 if there is a problem.

  --deep-iteration   looks at every record, too, which decompresses all there is
`;

export const check: Command = {
  usage,
  run: (words, output) => {
    const { values, positionals } = parseOptions(words, { "deep-iteration": { type: "boolean" } });
    if (positionals.length === 0) throw new WrongUse("no log directory is named");
    return checkAll(positionals, output, { deep: values["deep-iteration"] ?? false });
  },
};

interface CheckOptions {
  readonly deep: boolean;
  readonly disk?: Disk;
  /** The process that works on a directory: 0 if it can't be named, null if there is none. */
  readonly holderOf?: (lockFile: string) => number | null;
}

/** Checks the directories and prints what is found. Returns the exit code. */
export async function checkAll(
  paths: readonly string[],
  output: Output,
  { deep, disk = realDisk, holderOf = lockHolder }: CheckOptions,
): Promise<number> {
  const report = new Report(output);
  const context: CheckContext = { disk, report, deep };
  const directories = paths.map((path) => look(context, resolve(path), holderOf));
  compareIdentities(context, directories);
  let image: ClusterImage | null = null;
  for (const { path, properties, exists } of directories) {
    if (!exists) continue;
    image ??= await checkMetadata(context, path, properties?.clusterId ?? "");
  }
  if (image === null && directories.some(({ exists }) => exists)) {
    const [first] = directories;
    report.note(
      first?.path ?? "",
      `no metadata could be read from ${METADATA_DIRECTORY}, so the partitions are not compared with it`,
    );
  }
  for (const { path, properties, exists, isClosed, isInUse } of directories) {
    if (!exists) continue;
    const { nodeId, directoryId } = properties ?? { nodeId: undefined, directoryId: undefined };
    checkDirectory(context, { path, isClosed, isInUse, nodeId, directoryId, image });
  }
  sum(report);
  return report.problems > 0 ? 1 : 0;
}

interface Looked {
  readonly path: string;
  readonly exists: boolean;
  readonly properties: MetaProperties | undefined;
  readonly isClosed: boolean;
  readonly isInUse: boolean;
}

/** What a directory is, in a line. */
function look(
  { disk, report }: CheckContext,
  path: string,
  holderOf: (lockFile: string) => number | null,
): Looked {
  try {
    disk.list(path);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    report.problem(path, error.message);
    return { path, exists: false, properties: undefined, isClosed: false, isInUse: false };
  }
  const properties = readProperties(disk, report, `${path}/${META_PROPERTIES}`);
  const holder = holderOf(`${path}/${LOCK_FILE}`);
  const isInUse = holder !== null;
  const isClosed = !isInUse && disk.exists(`${path}/${CLEAN_SHUTDOWN_FILE}`);
  const by = holder === null || holder === 0 ? "another process" : `process ${holder}`;
  const state = isInUse
    ? `in use by ${by}: what is being written now is left out`
    : isClosed
      ? "closed cleanly"
      : "not closed cleanly: a start recovers it first";
  const whose = properties && `cluster ${properties.clusterId ?? "-"}, node ${properties.nodeId ?? "-"}, `;
  report.line(`${path}: ${whose ?? ""}${state}`);
  return { path, exists: true, properties, isClosed, isInUse };
}

function readProperties(disk: Disk, report: Report, path: string): MetaProperties | undefined {
  if (!disk.exists(path)) {
    report.problem(path, "is missing: nothing says which cluster and node the directory belongs to");
    return undefined;
  }
  try {
    return parseMetaProperties(disk.readFile(path).toString("utf8"), path);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    report.problem(path, error.message.slice(path.length).replace(/^: /, ""));
    return undefined;
  }
}

/** Directories of one broker are of one cluster and node, and each has an id of its own. */
function compareIdentities({ report }: CheckContext, directories: readonly Looked[]): void {
  const [first, ...others] = directories.filter(({ properties }) => properties !== undefined);
  for (const { path, properties } of others) {
    const file = `${path}/${META_PROPERTIES}`;
    for (const key of ["clusterId", "nodeId"] as const) {
      const [here, there] = [properties?.[key], first?.properties?.[key]];
      if (here === there) continue;
      report.problem(
        file,
        `${key === "clusterId" ? "cluster.id" : "node.id"} is ${here}, and ${there} in ${first?.path}`,
      );
    }
    if (properties?.directoryId === undefined) continue;
    const twin = directories.find((other) => other.properties?.directoryId === properties.directoryId);
    if (twin?.path !== path) report.problem(file, `directory.id is also that of ${twin?.path}`);
  }
}

function sum(report: Report): void {
  const { topics, partitions, segments, batches, bytes } = report.looked;
  const { problems, notes } = report;
  const count = (number: number, what: string) =>
    `${number} ${what}${number === 1 ? "" : what.endsWith("h") ? "es" : "s"}`;
  report.line(
    `${count(topics.size, "topic")}, ${count(partitions, "partition")}, ${count(segments, "segment")}, ` +
      `${count(batches, "batch")} and ${count(bytes, "byte")} were looked at: ` +
      (problems === 0 ? "no problem" : count(problems, "problem")) +
      (notes === 0 ? "" : `, ${count(notes, "note")}`),
  );
}
