/**
 * Examines a broker's configuration and its surroundings.
 */
import { StartError } from "../../broker/start-error.ts";
import { ConfigError } from "../../config/load.ts";
import type { ServerConfig } from "../../config/server-config.ts";
import { loadConfig } from "../load-config.ts";
import { compareDirectories, type ExaminedDirectory, examineDirectory } from "./directories.ts";
import { type Finding, finding } from "./finding.ts";
import { type ExaminedListener, examineListener } from "./listeners.ts";

export interface ExamineOptions {
  /** Undefined for the embedded defaults. */
  readonly propertiesFile: string | undefined;
  readonly overrides: readonly string[];
  readonly clusterId: string | undefined;
  readonly timeoutMs: number;
}

export interface Examination {
  readonly configuration: string;
  /** The process that works on the log directories: 0 if it can't be named, null if there is none. */
  readonly broker: number | null;
  readonly directories: readonly ExaminedDirectory[];
  readonly listeners: readonly ExaminedListener[];
  /** All of them. */
  readonly findings: readonly Finding[];
}

const CONFIGURATION = "configuration";

/** Looks at everything; where the configuration is wrong, there is nothing else to look at. */
export async function examine(options: ExamineOptions): Promise<Examination> {
  const { propertiesFile, overrides } = options;
  const configuration = propertiesFile ?? "the defaults: no properties file is named";
  try {
    const { config, warnings } = await loadConfig(propertiesFile, overrides);
    const said = warnings.map((warning) => finding(CONFIGURATION, severityOf(warning), warning));
    return { configuration, ...(await examineConfigured(config, options, said)) };
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
    const findings = error.message
      .split("\n")
      .map((line) => finding(CONFIGURATION, "problem", line, "The broker doesn't start with it."));
    return { configuration, broker: null, directories: [], listeners: [], findings };
  }
}

/** What nobody knows may be a slip; what only has no effect here is no mistake. */
function severityOf(warning: string): "warning" | "note" {
  return warning.includes("unknown key") ? "warning" : "note";
}

async function examineConfigured(
  config: ServerConfig,
  { clusterId, timeoutMs }: ExamineOptions,
  said: readonly Finding[],
): Promise<Omit<Examination, "configuration">> {
  const paths = [...new Set([...config.logDirs, config.metadataLogDir])];
  const directories = paths.map((path) => examineDirectory(path, { nodeId: config.nodeId, clusterId }));
  const broker = directories.find(({ holder }) => holder !== null)?.holder ?? null;
  const stored = directories.find((directory) => directory.clusterId !== null)?.clusterId ?? null;
  const listeners: ExaminedListener[] = [];
  for (const listener of config.listeners.filter(({ controller }) => !controller)) {
    const advertised = config.advertisedListeners.get(listener.name) ?? null;
    listeners.push(await examineListener(listener, advertised, { broker, clusterId: stored, timeoutMs }));
  }
  const findings = [
    ...said,
    ...directories.flatMap((directory) => directory.findings),
    ...compareDirectories(directories),
    ...listeners.flatMap((listener) => listener.findings),
  ];
  return { broker, directories, listeners, findings: findings.filter(isFirst) };
}

/** What every listener tells is said once. */
function isFirst({ about, message }: Finding, index: number, all: readonly Finding[]): boolean {
  return all.findIndex((one) => one.about === about && one.message === message) === index;
}
