/**
 * Rules on listeners: who may be reached where, and that the parts of the configuration agree on it.
 */
import type { ConfigLayers } from "../layers.ts";
import {
  advertisedEndpoints,
  controllerListenerNames,
  type ListenerConfig,
  parseListeners,
} from "../listeners.ts";
import type { BrokenRule, Rule } from "./rule.ts";

/** Listener names, each once, as Kafka lists them in a message. */
const names = (listeners: readonly ListenerConfig[]) => listeners.map((listener) => listener.name).join(",");

export const listenerRules: Rule[] = [
  (layers) => {
    const controllers = controllerListenerNames(layers);
    const listeners = parseListeners(layers);
    const found = listeners.some((listener) => listener.controller);
    const roles = layers.list("process.roles");
    const key = "controller.listener.names";
    const keys = [key, "listeners"];
    if (!roles.includes("controller")) {
      if (!found) return null;
      return {
        keys,
        message: `requirement failed: ${key} must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role`,
      };
    }
    if (found || controllers.length === 0 || !layers.effective.has("listeners")) return null;
    return {
      keys,
      message: `requirement failed: ${key} must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role`,
    };
  },
  (layers) => {
    const advertised = advertisedEndpoints(layers);
    const listeners = parseListeners(layers);
    const known = listeners.map((listener) => listener.name);
    const clients = (advertised.length > 0 ? advertised : listeners).filter(
      (listener) => !listener.controller,
    );
    const keys = ["advertised.listeners", "listeners", "controller.listener.names"];
    if (clients.length === 0) {
      return {
        keys,
        message:
          "requirement failed: There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?",
      };
    }
    if (!clients.every((listener) => known.includes(listener.name))) {
      return {
        keys,
        message: `requirement failed: advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found ${names(clients)}. The valid options based on the current configuration are ${names(listeners)}`,
      };
    }
    if (!advertised.some((listener) => listener.host === "0.0.0.0")) return null;
    return {
      keys,
      message:
        "requirement failed: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
    };
  },
  interBrokerRule,
  (layers) => {
    const known = [...parseListeners(layers).map(({ name }) => name), ...controllerListenerNames(layers)];
    const unknown = layers.list("early.start.listeners").find((name) => !known.includes(name.toUpperCase()));
    if (unknown === undefined) return null;
    return {
      keys: ["early.start.listeners"],
      message: `early.start.listeners contains listener ${unknown}, but this is not contained in listeners or controller.listener.names`,
    };
  },
];

/** Brokers must reach each other by a listener that clients may use; Kafka's default for it is not insisted on. */
function interBrokerRule(layers: ConfigLayers): BrokenRule | null {
  const [key, protocolKey] = ["inter.broker.listener.name", "security.inter.broker.protocol"];
  const named = layers.string(key)?.toUpperCase();
  const byProtocol = layers.effective.has(protocolKey) ? layers.string(protocolKey) : null;
  if (named !== undefined && byProtocol !== null) {
    return { keys: [key, protocolKey], message: `Only one of ${key} and ${protocolKey} should be set.` };
  }
  const name = named ?? byProtocol;
  if (name === null) return null;
  const advertised = advertisedEndpoints(layers);
  const usable = (advertised.length > 0 ? advertised : parseListeners(layers)).filter(
    (one) => !one.controller,
  );
  if (usable.some((listener) => listener.name === name)) return null;
  return {
    keys: [named === undefined ? protocolKey : key, "listeners"],
    message: `requirement failed: ${key} must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${names(usable)}`,
  };
}
