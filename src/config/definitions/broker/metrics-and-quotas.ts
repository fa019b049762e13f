/**
 * Broker configs: metrics, client telemetry and quotas.
 */
import { className, clusterWide, int, list, long, low, string } from "../../definition.ts";
import { anyList, atLeast } from "../../validators.ts";

export const metricsDefinitions = [
  int("metrics.num.samples", 2, atLeast(1), low),
  long("metrics.sample.window.ms", 30000, atLeast(1), low),
  list("metric.reporters", "org.apache.kafka.common.metrics.JmxReporter", anyList, low, clusterWide),
  string("metrics.recording.level", "INFO", low),
  list("kafka.metrics.reporters", "", anyList, low),
  int("kafka.metrics.polling.interval.secs", 10, atLeast(1), low),
  int("telemetry.max.bytes", 1_048_576, atLeast(1), low),
  int("quota.window.num", 11, atLeast(1), low),
  int("controller.quota.window.num", 11, atLeast(1), low),
  int("quota.window.size.seconds", 1, atLeast(1), low),
  int("controller.quota.window.size.seconds", 1, atLeast(1), low),
  className("client.quota.callback.class", null, low),
];
