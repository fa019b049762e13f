/**
 * The settings that the environment of a container makes.
 */
import { brokerConfig } from "../../config/definitions/tables.ts";
import { listenerConfigBase } from "../../config/synonyms.ts";
import { ConfigureError } from "./configure-error.ts";
import { configOf, isOfKubernetes } from "./property-name.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Setting {
  readonly value: string;
  /** The variable it comes from. */
  readonly variable: string;
}

/** Names of configs to what the environment says of them, in the order of the names. */
export type Settings = ReadonlyMap<string, Setting>;

/** A variable with this end names a file that holds the value, as container engines hand out secrets. */
const FILE = "_FILE";

/**
 * Reads `KAFKA_*`, `KAFKA_CFG_*` (which is the stronger one) and either with `_FILE` behind it. What is there and
 * empty counts as not set, where the config can't be empty.
 *
 * @param readText the text of a file; throws where it can't be read
 * @throws ConfigureError where a file can't be read, or a value is given twice
 */
export function settingsOf(environment: Environment, readText: (path: string) => string): Settings {
  const settings = new Map<string, Setting>();
  for (const variable of Object.keys(environment).sort(weakerFirst)) {
    const text = environment[variable] ?? "";
    if (isOfKubernetes(variable, text)) continue;
    const fromFile = fileSetting(environment, variable, readText);
    const name = configOf(fromFile === null ? variable : variable.slice(0, -FILE.length));
    if (name === null || name === "") continue;
    const value = fromFile ?? text;
    if (value === "" && !mayBeEmpty(name)) continue;
    settings.set(name, { value, variable });
  }
  return new Map([...settings].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function weakerFirst(one: string, other: string): number {
  const strength = (name: string) => (name.startsWith("KAFKA_CFG_") ? 1 : 0);
  return strength(one) - strength(other) || (one < other ? -1 : 1);
}

/** What the file holds that `variable` names, or null where it names none. */
function fileSetting(
  environment: Environment,
  variable: string,
  readText: (path: string) => string,
): string | null {
  if (!variable.endsWith(FILE)) return null;
  const base = variable.slice(0, -FILE.length);
  // Some configs of Kafka end so themselves, and other names are not for us to read.
  const [own, config] = [configOf(variable), configOf(base)];
  if (own === null || isKafkas(own) || config === null || !isKafkas(config)) return null;
  const path = environment[variable] ?? "";
  if (path === "") return null;
  if (environment[base])
    throw new ConfigureError(`${base} and ${variable} are both set; leave out one of them`);
  return trimmedLineEnd(textOf(variable, path, readText));
}

const isKafkas = (config: string): boolean =>
  brokerConfig(listenerConfigBase(config) ?? config) !== undefined;

/** The text of a file that a variable names. @throws ConfigureError that says which variable that is */
export function textOf(variable: string, path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    throw new ConfigureError(`${variable}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file's text without the line ends at its end, as a shell's `$(cat file)` gives it. */
export const trimmedLineEnd = (text: string): string => text.replace(/(?:\r?\n)+$/, "");

/** What the start of the container depends on is not set when it is empty, as Kafka's scripts see it. */
const decisive = new Set(["advertised.listeners", "listeners", "log.dirs", "log.dir", "process.roles"]);

function mayBeEmpty(config: string): boolean {
  if (decisive.has(config)) return false;
  const type = brokerConfig(listenerConfigBase(config) ?? config)?.type ?? "string";
  return ["string", "list", "password", "class"].includes(type);
}
