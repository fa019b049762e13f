/**
 * Subscriptions by regular expression: when a member changes its own, and when a group's are held against the topics
 * again. That is done by an operation of its own right after the request, so that no heartbeat waits for it.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, regexOf } from "./member.ts";
import { regularExpressionTombstone } from "./records.ts";
import { topicRegex } from "./regex/regex.ts";
import { RegexSyntaxError } from "./regex/syntax-error.ts";
import { resolveRegexes } from "./regex-resolution.ts";
import { regexTimer } from "./timer-keys.ts";

/** A group's regular expressions are not held against the topics more often. */
const MIN_REFRESH_INTERVAL_MS = 10_000;

/**
 * - unchanged: the member subscribes with what it did.
 * - changed: with another expression, of which isn't known yet what it stands for.
 * - resolved: with another one of which that is known, or with none any more.
 */
export type RegexChange = "unchanged" | "changed" | "resolved";

/**
 * Sees to the group's regular expressions when `member` takes the place of what it was.
 *
 * @throws KafkaError INVALID_REGULAR_EXPRESSION for a new one that is none
 */
export function changeRegex(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
): RegexChange {
  const { groupId, subscriptions } = group;
  const before = regexOf(previous);
  const after = regexOf(member);
  const isNew = after !== before && after !== undefined && subscriptions.subscribersOf(after) === 0;
  if (before !== undefined && after !== before && subscriptions.subscribersOf(before) === 1) {
    change.write(regularExpressionTombstone(groupId, before));
  }
  if (isNew) checkRegex(after);
  const result = compare(group, previous, member);
  if (isNew || subscriptions.regexes.size > 0) scheduleResolution(change, group, previous, member, isNew);
  return result;
}

function compare(
  { subscriptions }: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
): RegexChange {
  if (previous.subscribedTopicRegex === member.subscribedTopicRegex) return "unchanged";
  const before = regexOf(previous);
  const after = regexOf(member);
  if (after === undefined) return before === undefined ? "changed" : "resolved";
  const isKnown = subscriptions.subscribersOf(after) > 0 && subscriptions.resolved.has(after);
  return isKnown ? "resolved" : "changed";
}

function checkRegex(regex: string): void {
  try {
    topicRegex(regex);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw new KafkaError(
      "INVALID_REGULAR_EXPRESSION",
      `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${error.message}.`,
    );
  }
}

function scheduleResolution(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  isNew: boolean,
): void {
  const { timers } = change.shard.environment;
  const { groupId } = group;
  if (timers.has(regexTimer(groupId)) || !isDue(change, group, previous, member, isNew)) return;
  change.afterwards(() =>
    timers.set(regexTimer(groupId), 0, (nowMs) => resolveRegexes(change.shard, groupId, nowMs)),
  );
}

function isDue(
  { shard, nowMs }: Change,
  { subscriptions }: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  isNew: boolean,
): boolean {
  const { config, topics } = shard.environment;
  // All are resolved together: one tells of all when that was.
  const [last] = subscriptions.resolved.values();
  const lastMs = last?.timestampMs ?? Number.NEGATIVE_INFINITY;
  if (nowMs <= lastMs + MIN_REFRESH_INTERVAL_MS) return false;
  const regexes = subscriptions.after(previous, member).regexes;
  if (regexes.size === 0) return false;
  return (
    isNew ||
    regexes.size !== subscriptions.resolved.size ||
    last?.version !== BigInt(topics.version) ||
    nowMs > lastMs + config.groupConsumerRegexRefreshIntervalMs
  );
}
