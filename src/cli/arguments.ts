/**
 * The arguments of the executable when it runs the broker.
 */
import { WrongUse } from "./command.ts";
import { parseOptions } from "./options.ts";

export interface BrokerArguments {
  /** server.properties; the embedded default holds where there is none. */
  readonly propertiesFile: string | undefined;
  /** `key=value` each, stronger than the file. */
  readonly overrides: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
}

/** Reads the arguments. Throws WrongUse that says what is wrong with them. */
export function parseArguments(words: readonly string[]): BrokerArguments {
  const { values, positionals } = parseOptions(words, {
    override: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  });
  const [propertiesFile, ...more] = positionals;
  if (more.length > 0) throw new WrongUse(`one properties file is expected, and '${more[0]}' is another`);
  return {
    propertiesFile,
    overrides: values.override ?? [],
    help: values.help ?? false,
    version: values.version ?? false,
  };
}
