/**
 * The lines by which programs that start Apache Kafka in a container see that it is ready. They look for parts of
 * these lines and count them, so that each is said once, and only when the listeners accept connections.
 */
import type { ServerConfig } from "../config/server-config.ts";

/** The events that the lines tell of. */
export function kafkaLines(config: ServerConfig): string[] {
  const { nodeId } = config;
  const lines = [
    `[BrokerLifecycleManager id=${nodeId}] The broker has been unfenced. Transitioning from RECOVERY to RUNNING. (kafka.server.BrokerLifecycleManager)`,
    `[KafkaRaftServer nodeId=${nodeId}] Kafka Server started (kafka.server.KafkaRaftServer)`,
  ];
  // Who starts a ZooKeeper beside the broker waits for the line that Kafka had for it then.
  if (config.layers.effective.has("zookeeper.connect")) {
    lines.push(`[KafkaServer id=${nodeId}] started (kafka.server.KafkaServer)`);
  }
  return lines;
}
