/**
 * The topics that the broker keeps for itself. Clients may read them, and only Kafka's own admin client may write.
 */
const internalTopics: ReadonlySet<string> = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
]);

/** Whether a topic is one of the broker's own. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}
