/**
 * Finds out what topics a group's regular expressions stand for.
 */
import { answer, type Outcome } from "../../coordinator/outcome.ts";
import type { TopicsView } from "../environment.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import { rememberTopics } from "./group-epoch.ts";
import { metadataHash } from "./hash/metadata-hash.ts";
import { regexOf, sameNames } from "./member.ts";
import { groupEpochRecord, regularExpressionRecord } from "./records.ts";
import { TooManyStepsError } from "./regex/matcher.ts";
import { topicRegex } from "./regex/regex.ts";
import { RegexSyntaxError } from "./regex/syntax-error.ts";
import { type ResolvedRegularExpression, Subscriptions } from "./subscriptions.ts";

const NO_TOPICS: ReadonlySet<string> = new Set();

/** Holds all regular expressions of a group against the topics; the group's epoch grows when they stand for others. */
export function resolveRegexes(
  shard: GroupShard,
  groupId: string,
  nowMs: number,
): Outcome<GroupRecord, void> {
  const group = shard.groups.get(groupId);
  if (group?.type !== "consumer") return answer(undefined);
  const { topics } = shard.environment;
  const change = new Change(shard, nowMs);
  const subscriptions = new Subscriptions(group.subscriptions);
  let changed = false;
  for (const regex of group.subscriptions.regexes) {
    const resolved: ResolvedRegularExpression = {
      topics: matchingTopics(shard, groupId, regex, topics),
      version: BigInt(topics.version),
      timestampMs: nowMs,
    };
    if (changes(group, regex, resolved.topics, topics)) changed = true;
    subscriptions.resolve(regex, resolved);
    change.write(regularExpressionRecord(groupId, regex, resolved));
  }
  const hash = metadataHash(subscriptions.topicNames, topics);
  if (changed || hash !== group.metadataHash) {
    change.write(groupEpochRecord(groupId, group.groupEpoch + 1, hash));
    rememberTopics(change, groupId, topics.version);
  }
  return change.outcome(undefined);
}

/**
 * Whether the group needs another assignment because the expression stands for these topics now. One that has just taken
 * another's place and stands for none: its members may still be meant to have what they subscribed to before. (Kafka
 * leaves that to the next change of the group; nobody consumes those partitions until then.)
 */
function changes(
  group: ConsumerGroup,
  regex: string,
  resolved: ReadonlySet<string>,
  topics: TopicsView,
): boolean {
  const before = group.subscriptions.resolved.get(regex)?.topics;
  if (before !== undefined || resolved.size > 0) return !sameNames(before ?? NO_TOPICS, resolved);
  for (const member of group.members.values()) {
    if (regexOf(member) !== regex) continue;
    for (const topicId of group.targetOf(member).keys()) {
      if (!member.subscribedTopicNames.has(topics.byId(topicId)?.name ?? "")) return true;
    }
  }
  return false;
}

/** What can't be matched stands for no topics: the group goes on without them. */
function matchingTopics(
  { environment }: GroupShard,
  groupId: string,
  regex: string,
  topics: TopicsView,
): ReadonlySet<string> {
  try {
    const matcher = topicRegex(regex);
    const names = new Set<string>();
    for (const name of topics.names()) if (matcher.matches(name)) names.add(name);
    return names;
  } catch (error) {
    if (!(error instanceof RegexSyntaxError || error instanceof TooManyStepsError)) throw error;
    environment.logger.warn(
      `Group ${groupId}: the regular expression '${regex}' is taken for no topics: ${error.message}.`,
    );
    return NO_TOPICS;
  }
}
