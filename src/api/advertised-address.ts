/**
 * Where clients are told to find this broker, and a warning where that can't work.
 */
import type { HostAndPort } from "../config/listeners.ts";
import { endpoint, isLoopback } from "../net/addresses.ts";
import { defaultGateway } from "../net/default-gateway.ts";
import type { BrokerParts, RequestContext } from "./context.ts";

/**
 * What the client's listener advertises, or else the address that the client itself connected to. By a port that a
 * container publishes nobody sees that address: the client seems to come from the gateway and to connect to the
 * container, which it may have no way to.
 */
export function advertisedAddress(context: RequestContext): HostAndPort {
  const { broker, connection } = context;
  const advertised = broker.config().advertisedListeners.get(connection.listenerName) ?? null;
  if (advertised === null) {
    const published = mayUsePublishedPort(context) ? broker.config().houskaPublishedHost : null;
    return { host: published || connection.localAddress, port: connection.localPort };
  }
  if (isLoopback(advertised.host)) warnOfLoopback(advertised, context);
  return advertised;
}

/** Container engines make such a client come from the gateway, or some from the container's own address. */
function mayUsePublishedPort({ connection }: Pick<RequestContext, "connection">): boolean {
  const { localAddress, remoteAddress } = connection;
  if (isLoopback(remoteAddress)) return false;
  return remoteAddress === localAddress || remoteAddress === defaultGateway();
}

/** The listeners that have been warned of, by broker. */
const warnedOf = new WeakMap<BrokerParts, Set<string>>();

/** Once a listener: a client that comes from another machine looks for the broker on its own from now on. */
function warnOfLoopback({ host, port }: HostAndPort, { broker, connection }: RequestContext): void {
  const { listenerName, remoteAddress } = connection;
  if (isLoopback(remoteAddress)) return;
  const warned = warnedOf.get(broker) ?? new Set();
  warnedOf.set(broker, warned);
  if (warned.has(listenerName)) return;
  // The client runs on the container's host, or on this machine, where the address is right.
  if (mayUsePublishedPort({ connection })) return;
  warned.add(listenerName);
  broker.logger.warn(
    `A CLIENT AT ${remoteAddress} IS TOLD TO CONNECT TO ${endpoint(host, port)}, which is its own machine and not ` +
      `this one: advertised.listeners of ${listenerName} must name an address that clients can reach ` +
      "(houska doctor says more)",
  );
}
