/**
 * Broker configs that say the same thing in other units or for a single listener, the strongest first.
 */
const inOtherUnits: readonly (readonly string[])[] = [
  ["log.roll.ms", "log.roll.hours"],
  ["log.roll.jitter.ms", "log.roll.jitter.hours"],
  ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
];

const unitSynonyms = new Map(inOtherUnits.flatMap((names) => names.map((name) => [name, names] as const)));

/** These stand behind a mechanism's name in a listener's config: `listener.name.l.plain.sasl.jaas.config`. */
const mechanismConfigs = [
  "sasl.jaas.config",
  "sasl.login.callback.handler.class",
  "sasl.login.class",
  "sasl.server.callback.handler.class",
  "connections.max.reauth.ms",
];

/** The config that `listener.name.<listener>.<config>` sets for one listener, or null for any other name. */
export function listenerConfigBase(name: string): string | null {
  const base = /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1];
  if (base === undefined) return null;
  return mechanismConfigs.find((config) => base.endsWith(config)) ?? base;
}

/** The names under which a broker config's value may be found, the strongest first; `name` is among them. */
export function brokerConfigSynonyms(name: string): readonly string[] {
  if (name === "log.flush.interval.ms") return [name, "log.flush.scheduler.interval.ms"];
  const base = listenerConfigBase(name);
  return base === null ? (unitSynonyms.get(name) ?? [name]) : [name, base];
}
