/**
 * Loading the configuration: a properties file and arguments become a ServerConfig with warnings, or an error that
 * names everything that is wrong.
 */

import { InvalidConfigError } from "./config-value.ts";
import { brokerConfig } from "./definitions/tables.ts";
import { embeddedDefaults } from "./embedded.ts";
import { ConfigLayers } from "./layers.ts";
import { PropertiesError, parseProperties } from "./properties.ts";
import { brokenRules } from "./rules/rules.ts";
import { type ServerConfig, serverConfigFrom } from "./server-config.ts";
import type { Setting } from "./setting.ts";
import { listenerConfigBase } from "./synonyms.ts";
import { allowedValues, parseConfig } from "./value.ts";
import { unusedKeyWarning } from "./warnings.ts";

export interface ConfigSources {
  /** The properties file; without one the embedded defaults hold. */
  readonly file?: { readonly path: string; readonly text: string };
  /** `key=value` each, stronger than the file; the last one of a key counts. */
  readonly overrides: readonly string[];
}

/** One thing wrong with the configuration. */
export interface ConfigProblem {
  readonly file: string | null;
  /** From 1; null for an argument, or where a rule concerns no line. */
  readonly line: number | null;
  readonly key: string | null;
  /** As written. No password is ever wrong, so that none is shown. */
  readonly value: string | null;
  /** What is wrong, and what is allowed. */
  readonly reason: string;
}

/** The configuration is wrong. The message is for a person: a line for each problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join("\n"));
  }
}

function problemLine({ file, line, key, value, reason }: ConfigProblem): string {
  const place = line === null ? (file === null ? "" : `${file}: `) : `${file}:${line}: `;
  return `${place}${key === null ? "" : `${key}${value === null ? "" : `=${value}`}: `}${reason}`;
}

/**
 * The configuration from a properties file and `--override` arguments, and a warning for each key that has no effect.
 *
 * @example loadServerConfig({ file: { path: "server.properties", text }, overrides: ["log.dirs=/data"] })
 * @throws ConfigError naming every wrong setting
 */
export function loadServerConfig(sources: ConfigSources): { config: ServerConfig; warnings: string[] } {
  const problems: ConfigProblem[] = [];
  const settings = readSettings(sources, problems);
  for (const setting of settings.values()) {
    const problem = valueProblem(setting);
    if (problem !== null) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const fixed = new Map(sources.file === undefined ? embeddedDefaults : []);
  for (const { key, value } of settings.values()) fixed.set(key, value);
  const layers = new ConfigLayers(withBothNodeIds(fixed));
  for (const { keys, message } of brokenRules(layers)) problems.push(ruleProblem(settings, keys, message));
  if (problems.length > 0) throw new ConfigError(problems);
  const warnings = [...settings.values()].map(unusedKeyWarning).filter((warning) => warning !== null);
  return { config: serverConfigFrom(layers), warnings };
}

/** The settings by key, each from where it counts. */
function readSettings({ file, overrides }: ConfigSources, problems: ConfigProblem[]): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  if (file !== undefined) {
    try {
      for (const { key, value, line } of parseProperties(file.text)) {
        settings.set(key, { key, value, place: `${file.path}:${line}`, file: file.path, line });
      }
    } catch (error) {
      if (!(error instanceof PropertiesError)) throw error;
      problems.push({ file: file.path, line: error.line, key: null, value: null, reason: error.message });
    }
  }
  for (const override of overrides) {
    const equals = override.indexOf("=");
    const key = override.slice(0, equals).trim();
    if (equals < 0 || key === "") {
      const reason = "an override must have the form key=value";
      problems.push({ file: null, line: null, key: `--override ${override}`, value: null, reason });
      continue;
    }
    settings.set(key, {
      key,
      value: override.slice(equals + 1),
      place: "--override",
      file: null,
      line: null,
    });
  }
  return settings;
}

function valueProblem(setting: Setting): ConfigProblem | null {
  const definition = brokerConfig(listenerConfigBase(setting.key) ?? setting.key);
  if (definition === undefined) return null;
  try {
    parseConfig(definition, setting.value);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    return problemAt(setting, `not allowed; it must be ${allowedValues(definition)}`);
  }
}

function ruleProblem(
  settings: ReadonlyMap<string, Setting>,
  keys: readonly string[],
  message: string,
): ConfigProblem {
  const reason = message.replace(/^requirement failed: /, "");
  const setting = keys.map((key) => settings.get(key)).find((found) => found !== undefined);
  if (setting !== undefined) return problemAt(setting, reason);
  return { file: null, line: null, key: null, value: null, reason };
}

function problemAt({ file, line, key, value }: Setting, reason: string): ConfigProblem {
  return { file, line, key: file === null ? `--override ${key}` : key, value, reason };
}

/** Kafka lets node.id and its older name broker.id stand for each other. */
function withBothNodeIds(fixed: Map<string, string>): Map<string, string> {
  const [node, broker] = [fixed.get("node.id"), fixed.get("broker.id")];
  if (node === undefined && broker !== undefined) fixed.set("node.id", broker);
  if (broker === undefined && node !== undefined) fixed.set("broker.id", node);
  return fixed;
}
