/**
 * Validation of topic configs: names, values, and what several of them say together, with the broker's behind them.
 */
import { checkedValue, invalidConfig } from "./change-error.ts";
import type { ConfigValue } from "./config-value.ts";
import { topicConfigs, topicDefinitions } from "./definitions/tables.ts";
import type { ConfigMap } from "./layers.ts";
import { type BrokerConfig, inheritedTopicValue } from "./topic-config.ts";

/**
 * Checks all configs a topic would have of its own, when it is created as when they are changed. Remote storage is
 * refused in the words of a Kafka broker that has it turned off, whatever the broker's configs say: there is none.
 *
 * @throws ConfigChangeError INVALID_CONFIG with Kafka's message
 */
export function validateTopicConfigs(server: BrokerConfig, configs: ConfigMap): void {
  for (const name of configs.keys()) {
    if (!topicConfigs.has(name)) throw invalidConfig(`Unknown topic config name: ${name}`);
  }
  const values = new Map<string, ConfigValue | null>();
  for (const definition of topicDefinitions) {
    const text = configs.get(definition.name);
    const inherited = text === undefined;
    values.set(
      definition.name,
      inherited ? inheritedTopicValue(server.layers, definition) : checkedValue(definition, text),
    );
  }
  const [minLag, maxLag] = [values.get("min.compaction.lag.ms"), values.get("max.compaction.lag.ms")];
  if (Number(minLag) > Number(maxLag)) {
    throw invalidConfig(
      `conflict topic config setting min.compaction.lag.ms (${minLag}) > max.compaction.lag.ms (${maxLag})`,
    );
  }
  if (values.get("remote.storage.enable") === true) {
    throw invalidConfig(
      "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.",
    );
  }
}
