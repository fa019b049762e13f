/**
 * Names as the JMX exporter makes them of Kafka's MBeans.
 */
import { expect, test } from "bun:test";
import { Bean, jmxName } from "../../../../src/broker/metrics/jmx-names.ts";

const names: [string, string, string, string][] = [
  [
    "kafka.server",
    "BrokerTopicMetrics",
    "MessagesInPerSec",
    "kafka_server_brokertopicmetrics_messagesin_total",
  ],
  ["kafka.network", "RequestMetrics", "ErrorsPerSec", "kafka_network_requestmetrics_errors_total"],
  ["kafka.network", "RequestMetrics", "TotalTimeMs", "kafka_network_requestmetrics_totaltimems"],
  [
    "kafka.controller",
    "KafkaController",
    "ActiveControllerCount",
    "kafka_controller_kafkacontroller_activecontrollercount",
  ],
  ["kafka.log", "Log", "LogEndOffset", "kafka_log_log_logendoffset"],
  [
    "kafka.server",
    "socket-server-metrics",
    "connection-count",
    "kafka_server_socket_server_metrics_connection_count",
  ],
  [
    "kafka.coordinator.group",
    "GroupMetadataManager",
    "NumGroups",
    "kafka_coordinator_group_groupmetadatamanager_numgroups",
  ],
];

test.each(names)("%s:type=%s,name=%s is %s", (domain, type, name, expected) => {
  expect(jmxName(domain, type, name)).toBe(expected);
});

test("a meter is a counter, another value a gauge, and what ends like a part of a summary has no type", () => {
  const bean = new Bean("kafka.server", "socket-server-metrics");
  const types = ["RequestsPerSec", "Size", "connection-count"].map((name) => bean.values(name, "h", 1).type);

  expect(types).toEqual(["counter", "gauge", "untyped"]);
});
