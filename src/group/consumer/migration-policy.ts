/**
 * Whether classic groups may become consumer groups, and back (`group.consumer.migration.policy`).
 */
import type { GroupConfig } from "../environment.ts";

/** A classic group becomes a consumer group when a member of the consumer protocol joins it. */
export function allowsUpgrade(config: GroupConfig): boolean {
  return ["bidirectional", "upgrade"].includes(policyOf(config));
}

/** A consumer group becomes a classic group when its last member of the consumer protocol leaves others behind. */
export function allowsDowngrade(config: GroupConfig): boolean {
  return ["bidirectional", "downgrade"].includes(policyOf(config));
}

/** A member of the classic protocol may join a consumer group. */
export function allowsMigration(config: GroupConfig): boolean {
  return allowsUpgrade(config) || allowsDowngrade(config);
}

function policyOf(config: GroupConfig): string {
  return config.groupConsumerMigrationPolicy.toLowerCase();
}
