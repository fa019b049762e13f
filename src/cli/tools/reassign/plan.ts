/**
 * Files that say where partitions shall lie.
 */
import { ToolFailure } from "../../tool/failure.ts";
import { textOfFile } from "../../tool/file.ts";
import { arrayOf, integerOf, objectOf, parseJson, stringOf } from "../admin/json.ts";

export interface Placement {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  /** The log directory of each replica: a path, or "any". */
  readonly logDirs: readonly string[];
}

export const ANY_DIRECTORY = "any";

/** @throws ToolFailure */
export function readPlan(path: string): Placement[] {
  const partitions = arrayOf(fileOf(path).partitions ?? [], "partitions").map((element) => {
    const one = objectOf(element, "an element of partitions");
    const replicas = arrayOf(one.replicas, "replicas").map((id) => integerOf(id, "a replica"));
    const logDirs =
      one.log_dirs === undefined
        ? replicas.map(() => ANY_DIRECTORY)
        : arrayOf(one.log_dirs, "log_dirs").map((name) => stringOf(name, "an element of log_dirs"));
    const topic = stringOf(one.topic, "topic");
    const partition = integerOf(one.partition, "partition");
    if (logDirs.length !== replicas.length) {
      throw new ToolFailure(
        `Size of replicas list [${replicas.join(", ")}] is different from size of log dirs list ` +
          `[${logDirs.join(", ")}] for partition ${topic}-${partition}`,
      );
    }
    return { topic, partition, replicas, logDirs };
  });
  if (partitions.length === 0) throw new ToolFailure("Partition reassignment list cannot be empty");
  const none = partitions.find(({ replicas }) => replicas.length === 0);
  if (none !== undefined) throw new ToolFailure("Partition replica list cannot be empty");
  const twice = repeated(partitions.map(nameOf));
  if (twice.length > 0) {
    throw new ToolFailure(`Partition reassignment contains duplicate topic partitions: ${twice.join(",")}`);
  }
  const inTwice = partitions.filter(({ replicas }) => repeated(replicas).length > 0);
  if (inTwice.length > 0) {
    const texts = inTwice.map(
      (one) => `${nameOf(one)} contains multiple entries for ${repeated(one.replicas).join(",")}`,
    );
    throw new ToolFailure(`Partition replica lists may not contain duplicate entries: ${texts.join(". ")}`);
  }
  return partitions;
}

/** @throws ToolFailure */
export function readTopics(path: string): string[] {
  const { topics } = fileOf(path);
  const names = arrayOf(topics ?? [], "topics").map((element) =>
    stringOf(objectOf(element, "an element of topics").topic, "topic"),
  );
  const twice = repeated(names);
  if (twice.length > 0) {
    throw new ToolFailure(`List of topics to reassign contains duplicate entries: [${twice.join(", ")}]`);
  }
  return names;
}

/** The placements as a file that can be given to `--execute`. */
export function planText(placements: readonly Placement[]): string {
  const partitions = placements
    .toSorted(byName)
    .map(({ topic, partition, replicas, logDirs }) => ({ topic, partition, replicas, log_dirs: logDirs }));
  return JSON.stringify({ version: 1, partitions });
}

export function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}-${partition}`;
}

/** By topic and partition. */
export function byName(
  a: { topic: string; partition: number },
  b: { topic: string; partition: number },
): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

function fileOf(path: string): Readonly<Record<string, unknown>> {
  const file = objectOf(parseJson(textOfFile(path), path), path);
  const version = file.version === undefined ? 1 : integerOf(file.version, "version");
  if (version !== 1) throw new ToolFailure(`Not supported version field value ${version}`);
  return file;
}

function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
