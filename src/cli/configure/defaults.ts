/**
 * What the image sets where nobody has: enough for a single node that works, in agreement with what is set. One
 * variable of a container so takes none of the other defaults away.
 */
import { embeddedDefaults } from "../../config/embedded.ts";

const CONTROLLER = "CONTROLLER";
const CONTROLLER_PORT = 9093;
const PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

/** What a container has, and a broker on a machine hasn't: nobody else uses its ports, and some are published. */
const ofContainers = [
  ["houska.admin.host", ""],
  ["houska.admin.port", "9404"],
  ["houska.published.host", "localhost"],
] as const;

/** Defaults of a run without a file that an image decides otherwise. */
const decidedHere = ["process.roles", "node.id", "listeners", "log.dirs"];

/**
 * The configs to add to those that are given.
 *
 * @param dataDirectory where the data goes
 */
export function missingConfigs(
  given: ReadonlyMap<string, string>,
  dataDirectory: string,
): ReadonlyMap<string, string> {
  const all = new Map(given);
  const added = new Map<string, string>();
  const add = (name: string, value: string | null) => {
    if (value === null || all.has(name)) return;
    all.set(name, value);
    added.set(name, value);
  };
  add("process.roles", "broker,controller");
  if (!all.has("broker.id")) add("node.id", "1");
  if (!all.has("log.dir")) add("log.dirs", dataDirectory);
  add("listeners", listeners(all));
  add("controller.listener.names", endpoints(all.get("listeners")).some(isController) ? CONTROLLER : null);
  if (!all.has("controller.quorum.bootstrap.servers")) add("controller.quorum.voters", voters(all));
  add("listener.security.protocol.map", protocolMap(all));
  for (const [name, value] of embeddedDefaults) if (!decidedHere.includes(name)) add(name, value);
  for (const [name, value] of ofContainers) add(name, value);
  return added;
}

interface Endpoint {
  readonly name: string;
  readonly port: number;
}

function endpoints(listeners: string | undefined): Endpoint[] {
  return [...(listeners ?? "").matchAll(/([^,\s]+?):\/\/[^,]*:(\d+)/g)].map(([, name = "", port]) => ({
    name: name.toUpperCase(),
    port: Number(port),
  }));
}

const isController = ({ name }: Endpoint): boolean => name === CONTROLLER;

const controllerNames = (configs: ReadonlyMap<string, string>): string[] =>
  (configs.get("controller.listener.names") ?? "").toUpperCase().match(/[^\s,]+/g) ?? [];

const isControllerOnly = (configs: ReadonlyMap<string, string>): boolean =>
  configs.get("process.roles")?.trim() === "controller";

/** Where clients are told to come, there the broker listens on every interface; else on Kafka's port. */
function listeners(configs: ReadonlyMap<string, string>): string | null {
  if (isControllerOnly(configs)) return null;
  const advertised = configs.get("advertised.listeners");
  const controllers = controllerNames(configs);
  if (advertised === undefined) {
    return ["PLAINTEXT://:9092", `${controllers[0] ?? CONTROLLER}://:${controllerPort(configs, [])}`].join(
      ",",
    );
  }
  const derived = advertised.replace(/:\/\/(?:\[[^\]]*\]|[^:,]*):/g, "://0.0.0.0:");
  const taken = endpoints(derived);
  const missing = controllers.slice(0, 1).filter((name) => !taken.some((one) => one.name === name));
  return [derived, ...missing.map((name) => `${name}://0.0.0.0:${controllerPort(configs, taken)}`)].join(",");
}

/** The port that controller.quorum.voters gives this node, or the first that is free from Kafka's usual one on. */
function controllerPort(configs: ReadonlyMap<string, string>, taken: readonly Endpoint[]): number {
  const voted = /@[^,]*:(\d+)/.exec(configs.get("controller.quorum.voters") ?? "")?.[1];
  if (voted !== undefined) return Number(voted);
  let port = CONTROLLER_PORT;
  while (taken.some((one) => one.port === port)) port++;
  return port;
}

/** This node, so that Apache Kafka can go on with the directory. */
function voters(configs: ReadonlyMap<string, string>): string | null {
  const [name] = controllerNames(configs);
  const listener = endpoints(configs.get("listeners")).find((one) => one.name === name);
  if (listener === undefined) return null;
  return `${configs.get("node.id") ?? configs.get("broker.id")}@localhost:${listener.port}`;
}

/** Names that somebody made up are plain text, unless they sound like anything but. */
function protocolMap(configs: ReadonlyMap<string, string>): string | null {
  const names = endpoints(configs.get("listeners")).map(({ name }) => name);
  const madeUp = names.filter((name) => !PROTOCOLS.includes(name));
  if (madeUp.length === 0 || madeUp.some((name) => /SSL|SASL|TLS|SECURE/.test(name))) return null;
  return [...PROTOCOLS.map((name) => [name, name]), ...madeUp.map((name) => [name, "PLAINTEXT"])]
    .map((pair) => pair.join(":"))
    .join(",");
}
