/**
 * A consumer: reads the topics it subscribes to, alone or as a member of a group.
 *
 * @example
 * const consumer = new Consumer(client, consumerConfig(properties), { topics: ["words"] });
 * for (let fetched = await consumer.poll(1000); fetched !== null; fetched = await consumer.poll(1000)) {
 *   for (const { at } of fetched.records()) console.log(String(at.value()));
 * }
 * await consumer.close();
 */
import type { KafkaClient } from "../client.ts";
import { TimeoutError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import { findTopics, partitionName, type TopicInfo, type TopicPartition } from "../topics.ts";
import { AssignedPartition } from "./assigned-partition.ts";
import { ClassicMember } from "./classic-member.ts";
import { commitConsumed } from "./committed-offsets.ts";
import type { ConsumerConfig } from "./config.ts";
import { ConsumerMember } from "./consumer-member.ts";
import type { Fetched } from "./fetched.ts";
import { Fetcher } from "./fetcher.ts";
import { Lonely } from "./lonely.ts";
import type { Membership } from "./membership.ts";
import { Nudge } from "./nudge.ts";
import { startingOffsets } from "./starting-offsets.ts";
import { type Subscription, subscribedTopics } from "./subscription.ts";

const FOREVER = Number.POSITIVE_INFINITY;

export class Consumer {
  private readonly membership: Membership;
  private readonly fetcher: Fetcher;
  private readonly arrival = new Nudge();
  private readonly progress = new Nudge();
  private assigned: AssignedPartition[] = [];
  private topics = new Map<string, TopicInfo>();
  private current: Fetched | null = null;
  private failure: Error | null = null;
  private isAskingForLeaders = false;
  private isClosed = false;
  private isWoken = false;
  private readonly timers: ReturnType<typeof setInterval>[] = [];

  /** @param rebalanced is told whenever partitions have been assigned, and how many */
  constructor(
    private readonly client: KafkaClient,
    private readonly config: ConsumerConfig,
    private readonly subscription: Subscription,
    private readonly rebalanced: (partitions: number) => void = () => {},
  ) {
    this.fetcher = new Fetcher(client, config, {
      leaderOf: ({ topic, partition }) => this.leader(topic, partition),
      leadersAreStale: () => this.findLeaders(),
      isOutOfRange: (partition) => this.reset(partition),
      hasFetched: () => this.arrival.now(),
      failed: (error) => this.fail(error),
    });
    this.membership = this.member();
    this.every(config.metadataMaxAgeMs, () => this.membership.subscriptionMayHaveChanged());
    if (config.autoCommit) this.every(config.autoCommitIntervalMs, () => this.commit().catch(() => {}));
    this.membership.start();
  }

  /**
   * The next records that have come, waiting for them as long as `timeoutMs`; null if none have come until then, or
   * `wakeUp` was called. What was returned before counts as consumed, as far as its records were read. Rejects with
   * what ended the consumer.
   */
  async poll(timeoutMs: number): Promise<Fetched | null> {
    this.noteProgress();
    const deadline = performance.now() + timeoutMs;
    let fetched = this.next();
    while (fetched === null && performance.now() < deadline) {
      await this.arrival.wait(deadline - performance.now());
      fetched = this.next();
      if (fetched === null && this.isWoken) break;
    }
    return fetched;
  }

  /** Ends the wait for records, now or the next time. */
  wakeUp(): void {
    this.isWoken = true;
    this.arrival.now();
  }

  /** Commits, where that is configured, and leaves. */
  async close(): Promise<void> {
    this.noteProgress();
    this.isClosed = true;
    this.fetcher.close();
    for (const timer of this.timers) clearInterval(timer);
    if (this.config.autoCommit && this.failure === null) await this.commit().catch(() => {});
    await this.membership.leave();
  }

  private next(): Fetched | null {
    if (this.failure !== null) throw this.failure;
    this.current = this.fetcher.take() ?? null;
    return this.current;
  }

  private noteProgress(): void {
    if (this.current === null) return;
    const { partition, next, epoch } = this.current;
    partition.consumed = next;
    partition.consumedEpoch = epoch;
    this.current = null;
    this.progress.now();
  }

  private member(): Membership {
    const owner = {
      topics: () => this.subscribed(),
      partitionCounts: (topics: readonly string[]) => this.partitionCounts(topics),
      topicName: (topicId: string) => this.topicName(topicId),
      assigned: (partitions: readonly TopicPartition[], lost?: boolean) => this.assign(partitions, lost),
      failed: (error: Error) => this.fail(error),
    };
    const { groupId, groupProtocol } = this.config;
    if (groupId === null || "from" in this.subscription)
      return new Lonely(this.client, this.subscription, owner);
    const Member = groupProtocol === "consumer" ? ConsumerMember : ClassicMember;
    return new Member(this.client, this.config, groupId, owner);
  }

  private async subscribed(): Promise<Map<string, number>> {
    const topics = await subscribedTopics(this.client, this.config, this.subscription);
    this.topics = new Map(topics.map((topic) => [topic.name, topic]));
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  private async partitionCounts(topics: readonly string[]): Promise<Map<string, number>> {
    const found = await findTopics(this.client, topics, false);
    return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  }

  private async topicName(topicId: string): Promise<string | undefined> {
    const named = () => [...this.topics.values()].find(({ id }) => id === topicId)?.name;
    if (named() === undefined) await this.subscribed();
    return named();
  }

  private async assign(partitions: readonly TopicPartition[], lost = false): Promise<void> {
    if (this.isClosed) return;
    const wanted = new Set(partitions.map(partitionName));
    const kept = this.assigned.filter((partition) => wanted.has(partitionName(partition)));
    const given = this.assigned.filter((partition) => !wanted.has(partitionName(partition)));
    this.fetcher.assign(kept);
    // What was handed out is consumed when more is asked for. Before that nobody else may begin where it begins.
    while (this.current !== null && given.includes(this.current.partition)) await this.progress.wait(FOREVER);
    if (this.config.autoCommit && !lost && given.length > 0) await this.commit().catch(() => {});
    this.assigned = kept;
    const known = new Set(kept.map(partitionName));
    const added = partitions.filter((partition) => !known.has(partitionName(partition)));
    if (added.length > 0) await this.take(added);
    if (partitions.length > 0) this.rebalanced(partitions.length);
  }

  private async take(added: readonly TopicPartition[]): Promise<void> {
    if (added.some(({ topic }) => !this.topics.has(topic))) await this.subscribed();
    const isLater = this.config.groupId === null && this.assigned.length > 0;
    const taken = added.flatMap(({ topic, partition }) => {
      const info = this.topics.get(topic);
      return info === undefined ? [] : [new AssignedPartition(topic, info.id, partition)];
    });
    const { client, config, subscription, membership } = this;
    await this.client.retry(async () => {
      if (taken.some(({ topic, partition }) => this.leader(topic, partition) < 0)) await this.subscribed();
      const led = taken.map((assigned) => ({
        assigned,
        leader: this.leader(assigned.topic, assigned.partition),
      }));
      await startingOffsets(client, config, led, {
        member: membership.identity,
        from: "from" in subscription ? subscription.from : isLater ? "earliest" : null,
      });
    });
    this.assigned = [...this.assigned, ...taken];
    this.fetcher.assign(this.assigned);
  }

  private reset(partition: AssignedPartition): void {
    const { client, config } = this;
    const led = () => [{ assigned: partition, leader: this.leader(partition.topic, partition.partition) }];
    client
      .retry(() => startingOffsets(client, config, led(), { member: null, from: null }))
      .then(() => this.fetcher.pump())
      .catch((error) => {
        const mayPass = isRetriable(error) || error instanceof TimeoutError;
        if (!mayPass) this.fail(error);
        else if (!this.isClosed && this.assigned.includes(partition)) this.reset(partition);
      });
  }

  private async commit(): Promise<void> {
    const { identity } = this.membership;
    if (identity !== null) await commitConsumed(this.client, identity, this.assigned);
  }

  private leader(topic: string, partition: number): number {
    return this.topics.get(topic)?.partitions[partition]?.leader ?? -1;
  }

  private findLeaders(): void {
    if (this.isAskingForLeaders || this.isClosed) return;
    this.isAskingForLeaders = true;
    this.subscribed()
      // The fetcher asks again, for as long as the brokers are away.
      .catch((error) => error instanceof TimeoutError || this.fail(error))
      .finally(() => {
        this.isAskingForLeaders = false;
        this.fetcher.pump();
      });
  }

  private fail(error: Error): void {
    if (this.isClosed) return;
    this.failure ??= error;
    this.arrival.now();
  }

  private every(milliseconds: number, act: () => void): void {
    this.timers.push(setInterval(act, Math.max(1, milliseconds)));
  }
}
