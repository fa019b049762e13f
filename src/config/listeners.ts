/**
 * Listeners: where the broker listens, what is advertised, and the security protocol of each.
 */

import { InvalidConfigError, javaList } from "./config-value.ts";
import type { ConfigLayers } from "./layers.ts";

export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

export interface ListenerConfig {
  /** In upper case, as Kafka compares them. */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** Empty for every interface, IPv4 and IPv6. An IPv6 address comes without brackets. */
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
  /** Whether controller.listener.names has it; such a listener is not for clients. */
  readonly controller: boolean;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

const securityProtocols: readonly string[] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

/** `a:b,c:d` as pairs; a pair is split at its last colon, so that IPv6 addresses may stand before it. */
export function parsePairs(name: string, text: string): [string, string][] {
  return text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const colon = pair.lastIndexOf(":");
      if (colon < 0) {
        throw new InvalidConfigError(
          name,
          `Error parsing configuration property '${name}': no colon in ${pair}`,
        );
      }
      return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
    });
}

/** The controller's listeners; empty where the key is not set. */
export const controllerListenerNames = (layers: ConfigLayers): string[] =>
  layers.list("controller.listener.names").map((name) => name.toUpperCase());

/**
 * The security protocol of each listener name. Where the map is not set, the controller's listeners are PLAINTEXT,
 * unless TLS or SASL is in use.
 *
 * @throws InvalidConfigError for a protocol that doesn't exist
 */
export function securityProtocolMap(layers: ConfigLayers): Map<string, SecurityProtocol> {
  const key = "listener.security.protocol.map";
  const map = new Map<string, SecurityProtocol>();
  for (const [name, protocol] of parsePairs(key, layers.string(key) ?? "")) {
    const upper = protocol.toUpperCase();
    if (!securityProtocols.includes(upper)) {
      throw new InvalidConfigError(key, `Invalid security protocol \`${protocol}\` defined in ${key}`);
    }
    map.set(name.toUpperCase(), upper as SecurityProtocol);
  }
  const controllers = controllerListenerNames(layers);
  const names = [...controllers, ...layers.list("listeners").map((listener) => listener.split(":")[0] ?? "")];
  const secured = names.some(
    (name) => name.toUpperCase() !== "PLAINTEXT" && securityProtocols.includes(name),
  );
  if (!layers.effective.has(key) && !secured) {
    for (const name of controllers) map.set(name, "PLAINTEXT");
  }
  return map;
}

/**
 * `listeners`, in the order given.
 *
 * @throws InvalidConfigError with Kafka's message for what it refuses: syntax, a name or port used twice, a name
 *   without a security protocol
 */
export function parseListeners(layers: ConfigLayers): ListenerConfig[] {
  const listeners = parseEndpoints("listeners", layers);
  checkPorts(listeners, layers.list("listeners"));
  return listeners;
}

/**
 * `advertised.listeners` by listener name: for each listener its address, or null where none is advertised, so that
 * clients are told the address they came in by.
 *
 * @throws InvalidConfigError as parseListeners does
 */
export function parseAdvertisedListeners(layers: ConfigLayers): Map<string, HostAndPort | null> {
  const advertised = new Map<string, HostAndPort | null>(
    parseEndpoints("listeners", layers).map((listener) => [listener.name, null]),
  );
  for (const { name, host, port } of advertisedEndpoints(layers)) {
    advertised.set(name, host === "" ? null : { host, port });
  }
  return advertised;
}

/** The endpoints of `advertised.listeners` as given; none where it is not set. */
export const advertisedEndpoints = (layers: ConfigLayers): ListenerConfig[] =>
  layers.effective.has("advertised.listeners") ? parseEndpoints("advertised.listeners", layers) : [];

function parseEndpoints(key: string, layers: ConfigLayers): ListenerConfig[] {
  const texts = layers.list(key);
  const fail = (reason: string) =>
    new InvalidConfigError(key, `Error creating broker listeners from '${javaList(texts)}': ${reason}`);
  const protocols = securityProtocolMap(layers);
  const controllers = controllerListenerNames(layers);
  const endpoints = texts.map((text): ListenerConfig => {
    const match = /^(.*):\/\/(?:\[([0-9a-zA-Z%._:-]*)\]|([0-9a-zA-Z%._:-]*)):(\d+)$/.exec(text);
    const port = Number(match?.[4]);
    if (match === null || port > 65535) throw fail(`Unable to parse ${text} to a broker endpoint`);
    const name = (match[1] ?? "").toUpperCase();
    if (name === "") throw fail("The provided listener name is null or empty string");
    const securityProtocol = protocols.get(name);
    if (securityProtocol === undefined) throw fail(`No security protocol defined for listener ${name}`);
    const host = match[2] ?? match[3] ?? "";
    return { name, securityProtocol, host, port, controller: controllers.includes(name) };
  });
  if (new Set(endpoints.map((endpoint) => endpoint.name)).size < endpoints.length) {
    throw fail(`Each listener must have a different name, listeners: ${javaList(texts)}`);
  }
  return endpoints;
}

/** Two listeners may share a port only when one has an IPv4 and the other an IPv6 address. */
function checkPorts(listeners: readonly ListenerConfig[], texts: readonly string[]): void {
  const start = `Error creating broker listeners from '${javaList(texts)}'`;
  for (const [index, { host, port }] of listeners.entries()) {
    if (port === 0) continue;
    const others = listeners.slice(index + 1).filter((other) => other.port === port);
    if (others.length === 0) continue;
    const hosts = [host, ...others.map((other) => other.host)];
    if (!hosts.every(isAddress)) {
      throw new InvalidConfigError(
        "listeners",
        `${start}: Each listener must have a different port, listeners: ${javaList(texts)}`,
      );
    }
    if (hosts.length > 2 || hosts.filter((one) => one.includes(":")).length !== 1) {
      throw new InvalidConfigError(
        "listeners",
        `${start}: If you have two listeners on the same port then one needs to be IPv4 and the other IPv6, listeners: ${javaList(texts)}, port: ${port}`,
      );
    }
  }
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(":");
