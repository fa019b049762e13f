/**
 * The arguments of the executable when it runs the broker.
 */
import type { ClusterIdentity } from "../broker/open-directories.ts";
import { type LogLevel, logLevelNames, parseLogLevel } from "../observe/log-level.ts";
import type { LogFormat } from "../observe/logger.ts";
import { WrongUse } from "./command.ts";
import { parseOptions } from "./options.ts";

export interface BrokerArguments {
  /** server.properties; the embedded default holds where there is none. */
  readonly propertiesFile: string | undefined;
  /** `key=value` each, stronger than the file. */
  readonly overrides: readonly string[];
  readonly identity: ClusterIdentity;
  /** Whose words say that the broker is ready. */
  readonly announce: "houska" | "kafka";
  /** Undefined where it isn't said. */
  readonly logLevel: LogLevel | undefined;
  readonly logFormat: LogFormat | undefined;
  readonly help: boolean;
  readonly version: boolean;
}

/** Reads the arguments. Throws WrongUse that says what is wrong with them. */
export function parseArguments(words: readonly string[]): BrokerArguments {
  const { values, positionals } = parseOptions(words, {
    override: { type: "string", multiple: true },
    "cluster-id": { type: "string" },
    "new-cluster-id": { type: "string" },
    announce: { type: "string" },
    "log-level": { type: "string" },
    "log-format": { type: "string" },
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  });
  const [propertiesFile, ...more] = positionals;
  if (more.length > 0) throw new WrongUse(`one properties file is expected, and '${more[0]}' is another`);
  const { announce = "houska" } = values;
  if (announce !== "houska" && announce !== "kafka") {
    throw new WrongUse(`--announce is houska or kafka, and not ${announce}`);
  }
  return {
    propertiesFile,
    overrides: values.override ?? [],
    identity: { clusterId: values["cluster-id"], newClusterId: values["new-cluster-id"] },
    announce,
    logLevel: logLevel(values["log-level"]),
    logFormat: logFormat(values["log-format"]),
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

function logLevel(name: string | undefined): LogLevel | undefined {
  const level = name === undefined ? undefined : parseLogLevel(name);
  if (name === undefined || level !== undefined) return level;
  throw new WrongUse(`--log-level is one of ${logLevelNames.join(", ")}, and not ${name}`);
}

function logFormat(name: string | undefined): LogFormat | undefined {
  if (name === undefined || name === "text" || name === "json") return name;
  throw new WrongUse(`--log-format is text or json, and not ${name}`);
}
