/**
 * `houska dump-log FILE...`: what lies in the files of a log directory, for a person to read. Batches, records, indexes
 * and snapshots are printed line by line as Apache Kafka's kafka-dump-log does.
 */
import { basename, dirname, join, resolve } from "node:path";
import { type Disk, isDiskError } from "../../disk/disk.ts";
import { realDisk } from "../../disk/real-disk.ts";
import { parseDirectoryName } from "../../log/file-names.ts";
import { type Command, WrongUse } from "../command.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { Damage } from "./damage.ts";
import { type BatchOptions, dumpBatches } from "./dump-batches.ts";
import { dumpOffsetIndex, dumpProducers, dumpTimeIndex, dumpTransactionIndex } from "./dump-index.ts";
import {
  dumpJson,
  dumpLeaderEpochs,
  dumpMetaProperties,
  dumpOffsets,
  dumpPartitionMetadata,
} from "./dump-text.ts";
import { type RecordKind, recordKindOf } from "./record-text.ts";

const usage = `usage: houska dump-log [options] FILE|DIRECTORY...

Prints what the files of a log directory hold: .log, .index, .timeindex, .txnindex, .snapshot, .checkpoint,
leader-epoch-checkpoint, the offset checkpoints, partition.metadata, meta.properties, quorum-state. Of a directory, all
files that lie in it. A file is shown up to where it is damaged. The exit code is 1 if one is.

  --print-data-log            prints the keys and values of records, too. The records of the metadata, of groups and
                              of transactions are decoded where they lie in the folder of such a log
  --deep-iteration            prints records and not only batches
  --skip-record-metadata      prints of records nothing but keys and values
  --max-bytes N               begins no further batch of a file after so many bytes
  --files FILE,FILE           the same as naming the files
  --cluster-metadata-decoder, --offsets-decoder, --transaction-log-decoder, --share-group-state-decoder
                              decodes the records as such, wherever the file lies
`;

const decoders = {
  "cluster-metadata-decoder": "metadata",
  "offsets-decoder": "group",
  "transaction-log-decoder": "transaction",
  "share-group-state-decoder": "share",
} as const;

export const dumpLog: Command = { usage, run: async (words, output) => dump(words, output, realDisk) };

interface Request {
  readonly files: readonly string[];
  readonly decoder: RecordKind | undefined;
  readonly options: Omit<BatchOptions, "kind">;
}

/** Prints the files on `disk` that the words name. Returns the exit code. */
export function dump(words: readonly string[], output: Output, disk: Disk): number {
  const { files, decoder, options } = requestOf(words);
  let problems = 0;
  for (const path of files.flatMap((name) => filesOf(disk, name))) {
    const complain = (what: string, position?: number) => {
      problems++;
      output.complain(`${path}${position === undefined ? "" : ` at byte ${position}`}: ${what}`);
    };
    output.line(`Dumping ${path}`);
    try {
      const kind = decoder ?? kindOfFile(path);
      dumpFile(disk, path, { ...options, kind }, output, (damage) =>
        complain(damage.message, damage.position),
      );
    } catch (error) {
      if (error instanceof Damage) complain(error.message, error.position);
      else if (isDiskError(error)) complain(error.message);
      else throw error;
    }
  }
  return problems > 0 ? 1 : 0;
}

function requestOf(words: readonly string[]): Request {
  const { values, positionals } = parseOptions(words, {
    files: { type: "string", multiple: true },
    "print-data-log": { type: "boolean" },
    "deep-iteration": { type: "boolean" },
    "skip-record-metadata": { type: "boolean" },
    "max-bytes": { type: "string" },
    "cluster-metadata-decoder": { type: "boolean" },
    "offsets-decoder": { type: "boolean" },
    "transaction-log-decoder": { type: "boolean" },
    "share-group-state-decoder": { type: "boolean" },
  });
  const listed = (values.files ?? []).flatMap((list) => list.split(","));
  const files = [...listed, ...positionals].filter((name) => name !== "");
  if (files.length === 0) throw new WrongUse("no file is named");
  const maxBytes = values["max-bytes"] ?? "Infinity";
  if (!/^(\d+|Infinity)$/.test(maxBytes)) throw new WrongUse(`--max-bytes ${maxBytes} is no number of bytes`);
  const decoder = Object.entries(decoders).find(([name]) => values[name as keyof typeof decoders])?.[1];
  const contents = values["print-data-log"] === true || decoder !== undefined;
  const options = {
    contents,
    deep: contents || values["deep-iteration"] === true,
    withoutMetadata: values["skip-record-metadata"] === true,
    maxBytes: Number(maxBytes),
  };
  return { files, decoder, options };
}

/** The file itself, or the files in the directory, in the order of their names. */
function filesOf(disk: Disk, path: string): string[] {
  let isDirectory = true;
  try {
    const names = disk.list(path).flatMap(({ name, kind }) => (kind === "file" ? [name] : []));
    return names
      .filter((name) => dumperOf(name) !== undefined)
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    // What isn't there, or isn't a directory, is told of when it is opened as a file.
    if (!isDiskError(error)) throw error;
    isDirectory = false;
  }
  return isDirectory ? [] : [path];
}

/** Which definitions the records of a file have, by the folder that it lies in. */
function kindOfFile(path: string): RecordKind {
  const name = basename(path);
  if (name.includes(".checkpoint")) return "metadata";
  const partition = parseDirectoryName(basename(dirname(resolve(path))));
  return partition === undefined ? "text" : recordKindOf(partition.topic);
}

type Dumper = (
  disk: Disk,
  path: string,
  options: BatchOptions,
  output: Output,
  damaged: (damage: Damage) => void,
) => void;

const plain =
  (dumper: (disk: Disk, path: string, output: Output) => void): Dumper =>
  (disk, path, _options, output) =>
    dumper(disk, path, output);

const dumpSegment: Dumper = (disk, path, options, output, damaged) => {
  const offset = /^(\d{20})\./.exec(basename(path))?.[1];
  if (offset !== undefined) output.line(`Log starting offset: ${Number(offset)}`);
  dumpBatches(disk, path, options, output, damaged);
};

const dumpSnapshot: Dumper = (disk, path, options, output, damaged) => {
  const match = /^(\d{20})-(\d{10})\.checkpoint/.exec(basename(path));
  output.line(
    match === null
      ? "KRaft bootstrap snapshot"
      : `Snapshot end offset: ${Number(match[1])}, epoch: ${Number(match[2])}`,
  );
  dumpBatches(disk, path, options, output, damaged);
};

/** How a file is printed, by its name. What compaction and deletion put behind a name changes nothing. */
const dumpers: readonly [RegExp, Dumper][] = [
  [/\.log$/, dumpSegment],
  [/\.checkpoint(\.part)?$/, dumpSnapshot],
  [/\.index$/, plain(dumpOffsetIndex)],
  [/\.timeindex$/, plain(dumpTimeIndex)],
  [/\.txnindex$/, plain(dumpTransactionIndex)],
  [/\.snapshot$/, plain(dumpProducers)],
  [/^leader-epoch-checkpoint$/, plain(dumpLeaderEpochs)],
  [/-offset-checkpoint$/, plain(dumpOffsets)],
  [/^partition\.metadata$/, plain(dumpPartitionMetadata)],
  [/^meta\.properties$/, plain(dumpMetaProperties)],
  [/^(quorum-state|\.kafka_cleanshutdown)$/, plain(dumpJson)],
];

function dumperOf(name: string): Dumper | undefined {
  const plainName = name.replace(/(\.(deleted|cleaned|swap|tmp))+$/, "");
  return dumpers.find(([pattern]) => pattern.test(plainName))?.[1];
}

function dumpFile(
  disk: Disk,
  path: string,
  options: BatchOptions,
  output: Output,
  damaged: (damage: Damage) => void,
): void {
  const dumper = dumperOf(basename(path));
  if (dumper === undefined) throw new Damage("no file of a log directory has such a name");
  dumper(disk, path, options, output, damaged);
}
