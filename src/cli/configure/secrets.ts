/**
 * TLS and SASL as the images of Apache Kafka and Confluent take them: names of files in the folder of secrets, and
 * passwords in files of their own.
 */
import { ConfigureError } from "./configure-error.ts";
import { type Environment, type Settings, textOf, trimmedLineEnd } from "./settings.ts";

const SECRETS = "/etc/kafka/secrets";

export interface SecretFiles {
  exists(path: string): boolean;
  /** Throws where it can't be read. */
  readText(path: string): string;
}

/**
 * The configs that the files of secrets make, where an advertised listener is one with TLS.
 *
 * @param advertised `advertised.listeners`
 * @throws ConfigureError where a variable or a file is missing
 */
export function secretConfigs(
  environment: Environment,
  settings: Settings,
  advertised: string,
  files: SecretFiles,
): ReadonlyMap<string, string> {
  const configs = new Map<string, string>();
  const has = (pattern: RegExp) => [...settings.keys()].some((name) => pattern.test(name));
  const store = (kind: "keystore" | "truststore") => {
    const variable = `KAFKA_SSL_${kind.toUpperCase()}`;
    configs.set(`ssl.${kind}.location`, pathIn(environment, `${variable}_FILENAME`, files));
    configs.set(`ssl.${kind}.password`, passwordIn(environment, `${variable}_CREDENTIALS`, files));
  };
  if (advertised.includes("SSL://") && !has(/ssl\.keystore\.(location|key|certificate\.chain)$/)) {
    store("keystore");
    configs.set("ssl.key.password", passwordIn(environment, "KAFKA_SSL_KEY_CREDENTIALS", files));
  }
  const asksClients = /required|requested/.test(settings.get("ssl.client.auth")?.value ?? "");
  if (advertised.includes("SSL://") && asksClients && !has(/ssl\.truststore\.(location|certificates)$/)) {
    store("truststore");
  }
  if (/SASL_\w*:\/\//.test(advertised) && !has(/sasl\.jaas\.config$/)) needed(environment, "KAFKA_OPTS");
  return configs;
}

function needed(environment: Environment, variable: string): string {
  const value = environment[variable];
  if (value) return value;
  throw new ConfigureError(
    `${variable} environment variable not set, and advertised.listeners has a listener that needs it`,
  );
}

function pathIn(environment: Environment, variable: string, files: SecretFiles): string {
  const path = `${SECRETS}/${needed(environment, variable)}`;
  if (files.exists(path)) return path;
  throw new ConfigureError(`${path}, which ${variable} names, does not exist`);
}

function passwordIn(environment: Environment, variable: string, files: SecretFiles): string {
  return trimmedLineEnd(textOf(variable, pathIn(environment, variable, files), files.readText));
}
