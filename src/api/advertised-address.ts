/**
 * Where clients are told to find this broker.
 */
import type { HostAndPort } from "../config/listeners.ts";
import type { RequestContext } from "./context.ts";

/** What the client's listener advertises, or else the address that the client itself connected to. */
export function advertisedAddress({ broker, connection }: RequestContext): HostAndPort {
  const advertised = broker.config().advertisedListeners.get(connection.listenerName) ?? null;
  return advertised ?? { host: connection.localAddress, port: connection.localPort };
}
