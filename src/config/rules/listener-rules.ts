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

const namesOf = (listeners: readonly ListenerConfig[]) => listeners.map(({ name }) => name);

const required = (keys: readonly string[], message: string): BrokenRule => ({
  keys,
  message: `requirement failed: ${message}`,
});

/** What clients are told: the advertised listeners, or all where none are advertised, without the controller's. */
function clientListeners(layers: ConfigLayers): ListenerConfig[] {
  const advertised = advertisedEndpoints(layers);
  return (advertised.length > 0 ? advertised : parseListeners(layers)).filter(
    ({ controller }) => !controller,
  );
}

/** The controller's listeners stand among `listeners` exactly when the node is a controller. */
function controllerRule(layers: ConfigLayers): BrokenRule | null {
  const key = "controller.listener.names";
  const keys = [key, "listeners"];
  const controllers = controllerListenerNames(layers);
  const listeners = namesOf(parseListeners(layers));
  if (!layers.list("process.roles").includes("controller")) {
    if (!controllers.some((name) => listeners.includes(name))) return null;
    return required(
      keys,
      `${key} must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role`,
    );
  }
  // Nothing connects to the controller, so that a file that says nothing of it is fine.
  if (!layers.effective.has("listeners") || controllers.every((name) => listeners.includes(name)))
    return null;
  const anywhere = [...listeners, ...namesOf(advertisedEndpoints(layers))];
  const extent = controllers.some((name) => anywhere.includes(name))
    ? "only contain values"
    : "contain at least one value";
  return required(
    keys,
    `${key} must ${extent} appearing in the 'listeners' configuration when running the KRaft controller role`,
  );
}

function advertisedRule(layers: ConfigLayers): BrokenRule | null {
  const keys = ["advertised.listeners", "listeners", "controller.listener.names"];
  const listeners = namesOf(parseListeners(layers));
  const clients = clientListeners(layers);
  if (clients.length === 0) {
    return required(
      keys,
      "There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?",
    );
  }
  if (!clients.every(({ name }) => listeners.includes(name))) {
    return required(
      keys,
      `advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found ${namesOf(clients)}. The valid options based on the current configuration are ${listeners}`,
    );
  }
  if (!advertisedEndpoints(layers).some(({ host }) => host === "0.0.0.0")) return null;
  return required(
    keys,
    "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
  );
}

/** Brokers must reach each other by a listener that clients may use; Kafka's default for it is not insisted on. */
function interBrokerRule(layers: ConfigLayers): BrokenRule | null {
  const [key, protocolKey] = ["inter.broker.listener.name", "security.inter.broker.protocol"];
  const byName = layers.string(key)?.toUpperCase();
  const byProtocol = layers.effective.has(protocolKey) ? layers.string(protocolKey) : null;
  if (byName !== undefined && byProtocol !== null) {
    return { keys: [key, protocolKey], message: `Only one of ${key} and ${protocolKey} should be set.` };
  }
  const name = byName ?? byProtocol;
  const usable = namesOf(clientListeners(layers));
  if (name === null || usable.includes(name)) return null;
  return required(
    [byName === undefined ? protocolKey : key, "listeners"],
    `${key} must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${usable}`,
  );
}

function earlyStartRule(layers: ConfigLayers): BrokenRule | null {
  const key = "early.start.listeners";
  const known = [...namesOf(parseListeners(layers)), ...controllerListenerNames(layers)];
  const unknown = layers.list(key).find((name) => !known.includes(name.toUpperCase()));
  if (unknown === undefined) return null;
  return {
    keys: [key],
    message: `${key} contains listener ${unknown}, but this is not contained in listeners or controller.listener.names`,
  };
}

export const listenerRules: readonly Rule[] = [
  controllerRule,
  advertisedRule,
  interBrokerRule,
  earlyStartRule,
];
