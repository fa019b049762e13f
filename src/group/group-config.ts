/**
 * What a consumer group is configured to: its own configs (resource type group) where it has some, else the broker's.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { ConsumerGroupConfig } from "./environment.ts";

/**
 * The configs in force for a group. Its own are held within the broker's limits of today, whatever they were when the
 * group's configs were set.
 *
 * @param own the configs that the group has of its own
 */
export function consumerGroupConfig(
  config: ServerConfig,
  own: ReadonlyMap<string, string>,
): ConsumerGroupConfig {
  const within = (name: string, broker: number, min: number, max: number): number => {
    const text = own.get(name);
    return text === undefined ? broker : Math.min(max, Math.max(min, Number(text)));
  };
  return {
    sessionTimeoutMs: within(
      "consumer.session.timeout.ms",
      config.groupConsumerSessionTimeoutMs,
      config.groupConsumerMinSessionTimeoutMs,
      config.groupConsumerMaxSessionTimeoutMs,
    ),
    heartbeatIntervalMs: within(
      "consumer.heartbeat.interval.ms",
      config.groupConsumerHeartbeatIntervalMs,
      config.groupConsumerMinHeartbeatIntervalMs,
      config.groupConsumerMaxHeartbeatIntervalMs,
    ),
    assignmentIntervalMs: within(
      "consumer.assignment.interval.ms",
      config.groupConsumerAssignmentIntervalMs,
      config.groupConsumerMinAssignmentIntervalMs,
      config.groupConsumerMaxAssignmentIntervalMs,
    ),
  };
}
