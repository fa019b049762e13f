/**
 * The text of the properties file of a container. What comes later in it is the stronger.
 */
import type { Settings } from "./settings.ts";

export interface FileParts {
  readonly defaults: ReadonlyMap<string, string>;
  /** The file that somebody has mounted. */
  readonly mounted: { readonly path: string; readonly text: string } | undefined;
  readonly settings: Settings;
  readonly secrets: ReadonlyMap<string, string>;
}

/** The whole file. It says of each line where it comes from. */
export function propertiesText({ defaults, mounted, settings, secrets }: FileParts): string {
  const lines = ["# Written when the container started, and again whenever it starts.", "", "# Defaults:"];
  for (const [name, value] of defaults) lines.push(line(name, value));
  if (mounted !== undefined) lines.push("", `# ${mounted.path}:`, mounted.text.trimEnd());
  if (settings.size > 0) lines.push("", "# The environment:");
  for (const [name, { value, variable }] of settings) lines.push(`# ${variable}`, line(name, value));
  if (secrets.size > 0) lines.push("", "# The folder of secrets:");
  for (const [name, value] of secrets) lines.push(line(name, value.replaceAll("\\", "\\\\")));
  return `${lines.join("\n")}\n`;
}

const line = (name: string, value: string) =>
  `${name.replace(/[\s\\=:#!]/g, "\\$&")}=${withoutOpenLines(value)}`;

/**
 * As in Kafka's images, a value stands in the file as it is, its backslashes included. But a line end in it that no
 * backslash stands before would begin another setting.
 */
function withoutOpenLines(value: string): string {
  return value
    .trimEnd()
    .replace(/(\\*)\r?\n/g, (all, backslashes: string) =>
      backslashes.length % 2 === 1 ? all : `${backslashes}\\n`,
    );
}
