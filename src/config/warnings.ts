/**
 * Warnings for keys that have no effect: Kafka's that Houska doesn't act on, those Kafka 4 has given up, and those
 * nobody knows.
 */
import { brokerConfig, brokerConfigs } from "./definitions/tables.ts";
import { embeddedDefaults } from "./embedded.ts";
import { nearestName } from "./nearest.ts";
import type { Setting } from "./setting.ts";
import { listenerConfigBase } from "./synonyms.ts";

/** Keys of older properties files that Kafka 4 no longer has. */
const removedKeys =
  /^(zookeeper\..*|password\.encoder\..*|inter\.broker\.protocol\.version|control\.plane\.listener\.name|log\.message\.(format\.version|downconversion\.enable|timestamp\.difference\.max\.ms)|broker\.id\.generation\.enable|reserved\.broker\.max\.id|controlled\.shutdown\.(max\.retries|retry\.backoff\.ms)|delegation\.token\.master\.key|group\.coordinator\.new\.enable|leader\.imbalance\.per\.broker\.percentage|offsets\.commit\.required\.acks|(advertised\.)?(port|host\.name))$/;

/** Settings of plugins: what follows the prefix is the plugin's own. */
const pluginPrefixes = ["config.providers.", "rsm.config.", "rlmm.config."];

/** What to tell about a key that was set, or null where it has an effect or says what is so without it. */
export function unusedKeyWarning({ key, value, place }: Setting): string | null {
  if (brokerConfigs.get(key)?.actedOn || isSoAnyway(key, value)) return null;
  if (isKafkas(key)) return `${place}: ${key} is known from Kafka, but has no effect in Houska`;
  if (removedKeys.test(key)) return `${place}: ${key} is gone since Kafka 4 and has no effect`;
  if (key.startsWith("confluent.")) return `${place}: ${key} is Confluent's, and has no effect in Houska`;
  const base = listenerConfigBase(key);
  const prefix = base === null ? "" : key.slice(0, key.length - base.length);
  return `${place}: unknown key ${key}; the nearest known key is ${prefix}${nearestName(base ?? key, brokerConfigs.keys())}`;
}

/** What every single node must say to Apache Kafka: one replica of each internal topic, and itself as the voter. */
function isSoAnyway(key: string, value: string): boolean {
  if (key === "controller.quorum.voters") return !value.includes(",");
  return embeddedDefaults.get(key) === value.trim();
}

function isKafkas(key: string): boolean {
  if (brokerConfig(listenerConfigBase(key) ?? key) !== undefined) return true;
  return pluginPrefixes.some((prefix) => key.startsWith(prefix));
}
