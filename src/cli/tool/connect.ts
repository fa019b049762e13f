/**
 * From a tool's options to a client.
 */
import { KafkaClient } from "../../client/client.ts";
import { clientConfig } from "../../client/config.ts";
import { TimeoutError } from "../../client/errors.ts";
import { PropertiesError, parseProperties } from "../../config/properties.ts";
import { ToolFailure } from "./failure.ts";
import { textOfFile } from "./file.ts";

/** What nearly every tool takes. */
export const connectionOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "host:port, host:port, ...",
    description: "The brokers to connect to: the first one that answers will do.",
    required: true,
    preset: "localhost:9092",
  },
  "command-config": {
    type: "string",
    takes: "properties file",
    description: "A properties file with settings of the client, such as default.api.timeout.ms.",
  },
} as const;

/** What a tool takes that talks to brokers as well as to controllers, which have no port of their own here. */
export const brokerOrControllerOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "host:port, host:port, ...",
    description: "The brokers to connect to: the first one that answers will do.",
    preset: "localhost:9092",
    excludes: ["bootstrap-controller"],
  },
  "bootstrap-controller": {
    type: "string",
    takes: "host:port, host:port, ...",
    description: "The controllers to connect to.",
  },
  "command-config": connectionOptions["command-config"],
} as const;

/**
 * A client. It says once on standard error that it can't reach anybody, and goes on trying until
 * `default.api.timeout.ms` is over: a broker may just be starting.
 *
 * @throws ToolFailure, ClientConfigError
 */
export function connect(
  bootstrapServers: string,
  propertiesFile: string | undefined,
  complain: (text: string) => void,
  more: ReadonlyMap<string, string> = new Map(),
): KafkaClient {
  const properties = propertiesFile === undefined ? [] : readProperties(propertiesFile);
  const config = clientConfig(new Map([...properties, ...more]), "houska-tool");
  let told = false;
  return new KafkaClient(bootstrapServers, config, (error) => {
    if (told || !(error instanceof Error) || error instanceof TimeoutError) return;
    told = true;
    complain(`${error.message}; trying again for up to ${Math.round(config.apiTimeoutMs / 1000)} seconds`);
  });
}

/**
 * The entries of a properties file, by their keys.
 *
 * @throws ToolFailure when it can't be read
 */
export function readProperties(path: string): ReadonlyMap<string, string> {
  const text = textOfFile(path);
  try {
    return new Map(parseProperties(text).map(({ key, value }) => [key, value]));
  } catch (error) {
    if (!(error instanceof PropertiesError)) throw error;
    throw new ToolFailure(`${path} can't be read in line ${error.line}: ${error.message}`);
  }
}
