/**
 * What can be set of a client, under Kafka's names: a properties file as `--command-config` names one.
 */
import { version } from "../../package.json" with { type: "json" };
import { ClientConfigError } from "./errors.ts";
import { Settings } from "./settings.ts";

export interface ClientConfig {
  readonly clientId: string;
  /** How long one request may take. */
  readonly requestTimeoutMs: number;
  /** How long one call may take, with all its retries. */
  readonly apiTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** What brokers are told about the software (KIP-511). */
  readonly softwareName: string;
  readonly softwareVersion: string;
}

/**
 * The configuration that these properties make; keys that are not a client's, or of no meaning to this one, are
 * left alone.
 *
 * @throws ClientConfigError for a value that doesn't fit, and for security that there is none of
 */
export function clientConfig(properties: ReadonlyMap<string, string>, clientId = "houska"): ClientConfig {
  const settings = new Settings(properties);
  const protocol = properties.get("security.protocol") ?? "PLAINTEXT";
  if (protocol.toUpperCase() !== "PLAINTEXT") {
    throw new ClientConfigError(`security.protocol=${protocol}: these tools connect by PLAINTEXT only`);
  }
  return {
    clientId: properties.get("client.id") ?? clientId,
    requestTimeoutMs: settings.integer("request.timeout.ms", 30_000),
    apiTimeoutMs: settings.integer("default.api.timeout.ms", 60_000),
    connectionSetupTimeoutMs: settings.integer("socket.connection.setup.timeout.ms", 10_000),
    retryBackoffMs: settings.integer("retry.backoff.ms", 100),
    retryBackoffMaxMs: settings.integer("retry.backoff.max.ms", 1000),
    softwareName: "houska",
    softwareVersion: version,
  };
}
