/**
 * All that the log knows of a consumer group, as text: two groups with the same are the same.
 */
import type { ConsumerGroup } from "../../../../../src/group/consumer/group.ts";

export function fingerprint(group: ConsumerGroup): string {
  const { subscriptions } = group;
  return JSON.stringify(
    [
      [group.groupEpoch, group.metadataHash, group.assignmentEpoch, group.assignmentTimestampMs, group.state],
      sortedByKey(group.members),
      sortedByKey(group.targetAssignment),
      sortedByKey(group.staticMembers),
      sortedByKey(group.serverAssignors),
      sortedByKey(group.classicProtocols),
      group.classicMemberCount,
      [...subscriptions.topicNames].sort(),
      [...subscriptions.regexes].sort(),
      sortedByKey(subscriptions.resolved),
    ],
    plain,
  );
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return sortedByKey(value);
  if (value instanceof Set) return [...value].sort();
  if (Buffer.isBuffer(value)) return value.toString("hex");
  return value;
}

function sortedByKey(map: ReadonlyMap<string | number, unknown>): [string | number, unknown][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
