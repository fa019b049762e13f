/**
 * The arguments of the executable when it runs the broker.
 */
import { parseArgs } from "node:util";

export interface BrokerArguments {
  /** server.properties; the embedded default holds where there is none. */
  readonly propertiesFile: string | undefined;
  /** `key=value` each, stronger than the file. */
  readonly overrides: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
}

export const usage = `usage: houska [server.properties] [--override key=value ...]

Runs a Kafka broker. The properties are Apache Kafka's (KRaft). Without a file: node 1, port 9092 on all interfaces,
data in /tmp/kraft-combined-logs.

  --override key=value   sets a property, stronger than the file; may be repeated
  --version              prints the version
  --help                 prints this
`;

/** Reads the arguments. Throws an Error that says what is wrong with them. */
export function parseArguments(words: readonly string[]): BrokerArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      override: { type: "string", multiple: true },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  const [propertiesFile, ...more] = positionals;
  if (more.length > 0) throw new Error(`one properties file is expected, and '${more[0]}' is another`);
  return {
    propertiesFile,
    overrides: values.override ?? [],
    help: values.help ?? false,
    version: values.version ?? false,
  };
}
