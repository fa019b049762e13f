/**
 * What the members of a consumer group subscribe to, all together: topics by name, and regular expressions with the
 * topics that these were found to stand for.
 */
import { type Counts, decrement, increment } from "./counts.ts";
import { type ConsumerGroupMember, regexOf } from "./member.ts";

/** What a regular expression stands for. */
export interface ResolvedRegularExpression {
  readonly topics: ReadonlySet<string>;
  /** The topics' version (TopicsView) that it was held against. */
  readonly version: bigint;
  /** Milliseconds since 1970 when that was done. */
  readonly timestampMs: number;
}

export class Subscriptions {
  /** How many members name a topic. */
  private readonly byName: Counts<string>;
  /** How many regular expressions stand for a topic. */
  private readonly byRegex: Counts<string>;
  /** How many members subscribe with a regular expression. */
  private readonly members: Counts<string>;
  private readonly resolvedRegexes: Map<string, ResolvedRegularExpression>;

  constructor(from?: Subscriptions) {
    this.byName = new Map(from?.byName);
    this.byRegex = new Map(from?.byRegex);
    this.members = new Map(from?.members);
    this.resolvedRegexes = new Map(from?.resolvedRegexes);
  }

  /** Counts `member` in for what it was before. */
  change(previous: ConsumerGroupMember | undefined, member: ConsumerGroupMember | undefined): void {
    if (previous?.subscribedTopicNames !== member?.subscribedTopicNames) {
      for (const name of previous?.subscribedTopicNames ?? []) decrement(this.byName, name);
      for (const name of member?.subscribedTopicNames ?? []) increment(this.byName, name);
    }
    const previousRegex = regexOf(previous);
    const regex = regexOf(member);
    if (previousRegex !== undefined) decrement(this.members, previousRegex);
    if (regex !== undefined) increment(this.members, regex);
  }

  resolve(regex: string, resolved: ResolvedRegularExpression): void {
    this.forget(regex);
    this.resolvedRegexes.set(regex, resolved);
    for (const topic of resolved.topics) increment(this.byRegex, topic);
  }

  forget(regex: string): void {
    for (const topic of this.resolvedRegexes.get(regex)?.topics ?? []) decrement(this.byRegex, topic);
    this.resolvedRegexes.delete(regex);
  }

  /** These subscriptions as they will be when `member` has taken the place of what it was. */
  after(previous: ConsumerGroupMember | undefined, member: ConsumerGroupMember): Subscriptions {
    const next = new Subscriptions(this);
    const regex = regexOf(previous);
    if (regex !== undefined && regex !== regexOf(member) && this.subscribersOf(regex) === 1) {
      next.forget(regex);
    }
    next.change(previous, member);
    return next;
  }

  /** These subscriptions as they will be when `members` have gone and nobody needs `regexes` any more. */
  without(members: Iterable<ConsumerGroupMember>, regexes: Iterable<string>): Subscriptions {
    const next = new Subscriptions(this);
    for (const member of members) next.change(member, undefined);
    for (const regex of regexes) next.forget(regex);
    return next;
  }

  get topicNames(): ReadonlySet<string> {
    return new Set([...this.byName.keys(), ...this.byRegex.keys()]);
  }

  hasTopic(name: string): boolean {
    return this.byName.has(name) || this.byRegex.has(name);
  }

  /** The regular expressions that members subscribe with. */
  get regexes(): ReadonlySet<string> {
    return new Set(this.members.keys());
  }

  /** How many members subscribe with this one. */
  subscribersOf(regex: string): number {
    return this.members.get(regex) ?? 0;
  }

  get resolved(): ReadonlyMap<string, ResolvedRegularExpression> {
    return this.resolvedRegexes;
  }

  /** Whether all of so many members subscribe to the same topics, in the same way. */
  isHomogeneous(memberCount: number): boolean {
    const [regex] = this.members.values();
    if (regex === undefined) {
      return this.byRegex.size === 0 && [...this.byName.values()].every((count) => count === memberCount);
    }
    const oneForAll = regex === memberCount && this.byName.size === 0;
    return oneForAll && [...this.byRegex.values()].every((count) => count === 1);
  }

  /** All topics that a member subscribes to, as far as its regular expression has been resolved. */
  topicNamesOf(member: ConsumerGroupMember): ReadonlySet<string> {
    const regex = regexOf(member);
    const resolved = regex === undefined ? undefined : this.resolvedRegexes.get(regex);
    if (resolved === undefined || resolved.topics.size === 0) return member.subscribedTopicNames;
    if (member.subscribedTopicNames.size === 0) return resolved.topics;
    return member.subscribedTopicNames.union(resolved.topics);
  }
}
