/**
 * Where a broker can be asked, as its configuration says.
 */
import type { Address } from "../../client/address.ts";
import type { ServerConfig } from "../../config/server-config.ts";
import { loadConfig } from "../load-config.ts";

export interface BrokerAddresses {
  /** Undefined where it has none, or one that nobody knows beforehand. */
  readonly admin: Address | undefined;
  /** The first listener for clients that needs neither TLS nor a password. */
  readonly listener: Address | undefined;
}

/** The addresses that the file's broker has on this machine. Throws what `loadConfig` throws. */
export async function addressesIn(propertiesFile: string | undefined): Promise<BrokerAddresses> {
  const { config } = await loadConfig(propertiesFile, []);
  return { admin: adminAddress(config), listener: listenerAddress(config) };
}

function adminAddress({ houskaAdminHost, houskaAdminPort }: ServerConfig): Address | undefined {
  if (houskaAdminPort <= 0) return undefined;
  return { host: reachableHost(houskaAdminHost), port: houskaAdminPort };
}

function listenerAddress({ listeners }: ServerConfig): Address | undefined {
  const found = listeners.find(
    ({ controller, securityProtocol, port }) => !controller && securityProtocol === "PLAINTEXT" && port > 0,
  );
  return found && { host: reachableHost(found.host), port: found.port };
}

/** From this machine: one that is bound to all interfaces is also on this one. */
export function reachableHost(host: string): string {
  return host === "" || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}
