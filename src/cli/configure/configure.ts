/**
 * `houska configure`: the properties file that the environment of a container asks for, by the rules of the images of
 * Apache Kafka, Confluent and Bitnami. The image's scripts call it.
 */

import { type Property, parseProperties } from "../../config/properties.ts";
import { isDiskError } from "../../disk/disk.ts";
import { realDisk } from "../../disk/real-disk.ts";
import { type Command, WrongUse } from "../command.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { ConfigureError } from "./configure-error.ts";
import { DATA_DIRECTORY, dataDirectory } from "./data-directory.ts";
import { missingConfigs } from "./defaults.ts";
import { refuseOldVariables } from "./old-variables.ts";
import { propertiesText } from "./properties-text.ts";
import { secretConfigs } from "./secrets.ts";
import { type Environment, settingsOf } from "./settings.ts";

const usage = `usage: houska configure --to FILE [--mounted FILE] [--confluent]

Writes a properties file from the environment: KAFKA_* and KAFKA_CFG_* variables, each with _FILE behind its name for
a file that holds the value, over a file that was mounted, over defaults for a single node.

  --to FILE        the file to write
  --mounted FILE   a properties file to begin with, where there is one
  --confluent      refuses the variables that Confluent's image refuses
`;

const readText = (path: string): string => realDisk.readFile(path).toString("utf8");

export const configure: Command = {
  usage,
  run: async (words, output) => configureWith(words, process.env, output),
};

/** What the command does, with the environment handed in. @throws WrongUse */
export function configureWith(words: readonly string[], environment: Environment, output: Output): number {
  const { to, mounted, confluent } = optionsOf(words);
  try {
    if (confluent) refuseOldVariables(environment);
    const text = configuration(environment, mounted, (line) => output.line(line));
    realDisk.writeFile(to, text);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigureError) && !isDiskError(error)) throw error;
    output.complain(error.message);
    return 1;
  }
}

function optionsOf(words: readonly string[]) {
  const { values, positionals } = parseOptions(words, {
    to: { type: "string" },
    mounted: { type: "string" },
    confluent: { type: "boolean" },
  });
  if (positionals[0] !== undefined) throw new WrongUse(`${positionals[0]} is not expected`);
  if (values.to === undefined) throw new WrongUse("--to is missing");
  return { to: values.to, mounted: values.mounted, confluent: values.confluent ?? false };
}

function configuration(
  environment: Environment,
  mountedFile: string | undefined,
  say: (line: string) => void,
): string {
  const mounted = mountedFile !== undefined && realDisk.exists(mountedFile) ? mountedFile : undefined;
  const text = mounted === undefined ? "" : readText(mounted);
  const settings = settingsOf(environment, readText);
  const given = new Map(propertiesOf(text).map(({ key, value }) => [key, value]));
  for (const [name, { value }] of settings) given.set(name, value);
  const advertised = given.get("advertised.listeners") ?? "";
  if (given.get("process.roles") === "controller" && advertised !== "") {
    throw new ConfigureError("KAFKA_ADVERTISED_LISTENERS is not supported on a KRaft controller.");
  }
  const secrets = secretConfigs(environment, settings, advertised, { exists: realDisk.exists, readText });
  const directory = dataDirectory({ exists: realDisk.exists, mountInfo: mountInfo() });
  const defaults = missingConfigs(given, directory);
  if (defaults.has("log.dirs") && directory !== DATA_DIRECTORY) {
    say(`The data goes to ${directory}, where something is mounted. KAFKA_LOG_DIRS says otherwise`);
  }
  return propertiesText({
    defaults,
    mounted: mounted === undefined ? undefined : { path: mounted, text },
    settings,
    secrets,
  });
}

/** Empty on a system that doesn't tell it as Linux does. */
function mountInfo(): string {
  const file = "/proc/self/mountinfo";
  return realDisk.exists(file) ? readText(file) : "";
}

/** What is wrong with the file, the broker says, who reads it after us. */
function propertiesOf(text: string): Property[] {
  try {
    return parseProperties(text);
  } catch {
    return [];
  }
}
