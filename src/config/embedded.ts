/**
 * The configuration of a run without a properties file: one node for everything, on Kafka's port.
 */
export const embeddedDefaults: ReadonlyMap<string, string> = new Map([
  ["process.roles", "broker,controller"],
  ["node.id", "1"],
  ["listeners", "PLAINTEXT://:9092"],
  // As in the server.properties that comes with Kafka.
  ["log.dirs", "/tmp/kraft-combined-logs"],
  ["offsets.topic.replication.factor", "1"],
  ["transaction.state.log.replication.factor", "1"],
  ["transaction.state.log.min.isr", "1"],
  ["share.coordinator.state.topic.replication.factor", "1"],
  ["share.coordinator.state.topic.min.isr", "1"],
  // Nobody who tries it out has a second consumer coming within three seconds.
  ["group.initial.rebalance.delay.ms", "0"],
]);
