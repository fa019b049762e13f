/**
 * What a running broker can't change to from where it is, though the value by itself is in order.
 */
import type { ConfigLayers } from "./layers.ts";
import { securityProtocolMap } from "./listeners.ts";

const threadCounts = [
  "num.io.threads",
  "num.network.threads",
  "num.replica.fetchers",
  "num.recovery.threads.per.data.dir",
  "background.threads",
  "remote.log.reader.threads",
  "remote.log.manager.copier.thread.pool.size",
  "remote.log.manager.expiration.thread.pool.size",
  "remote.log.manager.follower.thread.pool.size",
];

type Check = (from: ConfigLayers, to: ConfigLayers) => string | null;

/** Kafka lets a thread pool at most double or halve at a time. */
const threads =
  (key: string): Check =>
  (from, to) => {
    const [current, wanted] = [from.number(key), to.number(key)];
    const start = `Dynamic thread count update validation failed for ${key}=${wanted}, value should`;
    if (wanted < Math.floor(current / 2)) return `${start} be at least half the current value ${current}`;
    if (wanted > current * 2) return `${start} not be greater than double the current value ${current}`;
    return null;
  };

const cleanerThreads: Check = (from, to) => {
  const [current, wanted] = [from.number("log.cleaner.threads"), to.number("log.cleaner.threads")];
  if (wanted < Math.floor(current / 2)) {
    return `Log cleaner threads cannot be reduced to less than half the current value ${current}`;
  }
  if (wanted > current * 2) {
    return `Log cleaner threads cannot be increased to more than double the current value ${current}`;
  }
  return null;
};

/** Local retention of tiered storage ends no later than retention; -2 follows it. */
function localRetention(key: string, totalKey: string, total: (layers: ConfigLayers) => number): Check {
  return (_, to) => {
    const [local, whole] = [to.number(key), total(to)];
    if (whole < 0 || local === -2) return null;
    const start = `Invalid value ${local} for configuration ${key}: Value must not be`;
    if (local === -1) return `${start} -1 as ${totalKey} value is set as ${whole}.`;
    return local > whole ? `${start} more than ${totalKey} property value: ${whole}` : null;
  };
}

function retentionMs(layers: ConfigLayers): number {
  const ms = layers.value("log.retention.ms");
  if (ms !== null) return Number(ms);
  const minutes = layers.value("log.retention.minutes");
  return minutes === null ? layers.number("log.retention.hours") * 3_600_000 : Number(minutes) * 60_000;
}

const listenerProtocols: Check = (from, to) => {
  const changed = securityProtocolMap(to);
  for (const [name, protocol] of securityProtocolMap(from)) {
    const listens = from.list("listeners").some((listener) => listener.toUpperCase().startsWith(`${name}:`));
    if (listens && changed.get(name) !== protocol) {
      return `Security protocol cannot be updated for existing listener ListenerName(${name})`;
    }
  }
  return null;
};

/** Reporters are Java classes; the one that Kafka brings is taken for granted. */
const metricReporters: Check = (from, to) => {
  const key = "metric.reporters";
  const known = [...from.list(key), "org.apache.kafka.common.metrics.JmxReporter"];
  if (to.list(key).every((reporter) => known.includes(reporter))) return null;
  return `Validation of dynamic config update of Set(${key}) failed with class class kafka.server.DynamicMetricsReporters`;
};

const checks: readonly Check[] = [
  cleanerThreads,
  ...threadCounts.map(threads),
  localRetention("log.local.retention.ms", "log.retention.ms", retentionMs),
  localRetention("log.local.retention.bytes", "log.retention.bytes", (layers) =>
    layers.number("log.retention.bytes"),
  ),
  listenerProtocols,
  metricReporters,
];

/**
 * Why a broker that runs with `from` can't go over to `to`, in Kafka's words; null if it can. Unlike Kafka, Houska
 * doesn't open or close listeners while it runs, and says so.
 */
export function reconfigurationProblem(from: ConfigLayers, to: ConfigLayers): string | null {
  for (const check of checks) {
    const message = check(from, to);
    if (message === null) continue;
    return `Invalid value org.apache.kafka.common.config.ConfigException: ${message} for configuration Invalid dynamic configuration`;
  }
  if (from.text("listeners") === to.text("listeners")) return null;
  return "Houska cannot change listeners while it runs: change the properties file and start it again";
}
