/**
 * `kafka-storage info`: which log directories there are, and to whom they belong.
 */
import { statSync } from "node:fs";
import { realDisk } from "../../../disk/real-disk.ts";
import {
  META_PROPERTIES,
  type MetaProperties,
  parseMetaProperties,
} from "../../../metadata/meta-properties.ts";
import { MetadataError } from "../../../metadata/metadata-error.ts";
import { action } from "../../tool/actions.ts";
import { configOption, directoriesOf, storageConfig } from "./storage-config.ts";

interface Looked {
  readonly directory: string;
  /** Whose it is, with and without the directory's own id. */
  readonly metadata?: { readonly text: string; readonly shared: string };
  readonly problem?: string;
}

export const infoAction = action({
  description: "Tells of the log directories that a broker is set to.",
  options: configOption,
  json: true,
  async run(given, { output, json }) {
    const { config } = await storageConfig(given.config);
    const looked = directoriesOf(config).map(lookAt);
    const found = looked.filter(({ problem }) => problem === undefined || !problem.includes(" exist"));
    const all = looked.flatMap((one) => one.metadata ?? []);
    const [shared, ...others] = new Set(all.map((one) => one.shared));
    const metadata = all[0]?.text;
    const problems = looked.flatMap(({ problem }) => problem ?? []);
    if (others.length > 0)
      problems.push(`Metadata of the directories differs: ${[shared, ...others].join(", ")}`);
    if (json) {
      output.line(
        JSON.stringify({ directories: found.map(({ directory }) => directory), metadata, problems }),
      );
      return problems.length === 0 ? 0 : 1;
    }
    const print = (one: string, several: string, lines: readonly string[]) => {
      if (lines.length === 0) return;
      output.line([lines.length === 1 ? one : several, ...lines.map((line) => `  ${line}`), ""].join("\n"));
    };
    print(
      "Found log directory:",
      "Found log directories:",
      found.map(({ directory }) => directory),
    );
    if (metadata !== undefined) output.line(`Found metadata: ${metadata}\n`);
    print("Found problem:", "Found problems:", problems);
    return problems.length === 0 ? 0 : 1;
  },
});

function lookAt(directory: string): Looked {
  const status = statSync(directory, { throwIfNoEntry: false });
  if (status === undefined) return { directory, problem: `${directory} does not exist` };
  if (!status.isDirectory()) return { directory, problem: `${directory} is not a directory` };
  const path = `${directory}/${META_PROPERTIES}`;
  if (!realDisk.exists(path)) return { directory, problem: `${directory} is not formatted.` };
  try {
    return { directory, metadata: metadataOf(parseMetaProperties(textOf(path), path)) };
  } catch (error) {
    if (error instanceof MetadataError) return { directory, problem: error.message };
    throw error;
  }
}

function metadataOf({ version, clusterId, nodeId, directoryId }: MetaProperties) {
  const entries = (own: Record<string, string | undefined>) => {
    const all = {
      "cluster.id": clusterId,
      ...own,
      [version === 0 ? "broker.id" : "node.id"]: nodeId,
      version,
    };
    const known = Object.entries(all).filter(([, value]) => value !== undefined);
    return `{${known.map(([key, value]) => `${key}=${value}`).join(", ")}}`;
  };
  return { text: entries({ "directory.id": directoryId }), shared: entries({}) };
}

function textOf(path: string): string {
  return new TextDecoder().decode(realDisk.readFile(path));
}
