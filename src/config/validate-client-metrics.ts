/**
 * Validation of client metrics subscriptions (KIP-714).
 */
import { checkedValue, invalidConfig, invalidRequest } from "./change-error.ts";
import { clientMetricsConfigs } from "./definitions/tables.ts";
import type { ConfigMap } from "./layers.ts";

/** What of a client a subscription may ask for, each matched by a regular expression. */
const selectors = [
  "client_instance_id",
  "client_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
];

/**
 * Checks all configs a subscription would have.
 *
 * @throws ConfigChangeError with Kafka's message
 */
export function validateClientMetricsConfigs(configs: ConfigMap): void {
  for (const [name, text] of configs) {
    const definition = clientMetricsConfigs.get(name);
    if (definition === undefined) throw invalidRequest(`Unknown client metrics configuration: ${name}`);
    const value = checkedValue(definition, text);
    if (name === "interval.ms") checkInterval(Number(value));
    if (name === "match") for (const pattern of value as readonly string[]) checkPattern(pattern);
  }
}

function checkInterval(intervalMs: number): void {
  if (intervalMs >= 100 && intervalMs <= 3_600_000) return;
  throw invalidRequest(
    `Invalid value ${intervalMs} for interval.ms, interval must be between 100 and 3600000 (1 hour)`,
  );
}

function checkPattern(pattern: string): void {
  const [selector = "", expression, ...more] = pattern.split("=");
  const fail = () => invalidConfig(`Illegal client matching pattern: ${pattern}`);
  if (expression === undefined || more.length > 0 || !selectors.includes(selector.trim())) throw fail();
  try {
    new RegExp(expression.trim());
  } catch {
    throw fail();
  }
}
