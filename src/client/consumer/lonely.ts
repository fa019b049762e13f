/**
 * A consumer that belongs to no group: all partitions of its topics are its own, or the one that it asks for.
 */
import type { KafkaClient } from "../client.ts";
import { TimeoutError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import type { TopicPartition } from "../topics.ts";
import type { Membership, MembershipOwner } from "./membership.ts";
import { Nudge } from "./nudge.ts";
import type { Subscription } from "./subscription.ts";

/** How often it looks for topics while there are none. */
const LOOK_AGAIN_MS = 500;

export class Lonely implements Membership {
  readonly identity = null;
  private isLeaving = false;
  /** Who has once found its topics waits for as long as the brokers are away. */
  private hasBegun = false;
  private readonly nudge = new Nudge();

  constructor(
    private readonly client: KafkaClient,
    private readonly subscription: Subscription,
    private readonly owner: MembershipOwner,
  ) {}

  start(): void {
    this.live().catch((error) => this.owner.failed(error));
  }

  subscriptionMayHaveChanged(): void {
    this.nudge.now();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    this.nudge.now();
  }

  private async live(): Promise<void> {
    while (!this.isLeaving) {
      const hasPartitions = await this.take();
      await this.nudge.wait(hasPartitions ? Number.POSITIVE_INFINITY : LOOK_AGAIN_MS);
    }
  }

  /** Takes the partitions that there are. Returns whether there are any. */
  private async take(): Promise<boolean> {
    try {
      const partitions = await this.partitions();
      if (partitions.length > 0) await this.owner.assigned(partitions);
      this.hasBegun ||= partitions.length > 0;
      return partitions.length > 0;
    } catch (error) {
      if (!isRetriable(error) && !(error instanceof TimeoutError && this.hasBegun)) throw error;
      this.client.forget();
      return false;
    }
  }

  private async partitions(): Promise<TopicPartition[]> {
    const all = [...(await this.owner.topics())].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
    const { subscription } = this;
    return "from" in subscription ? all.filter(({ partition }) => partition === subscription.partition) : all;
  }
}
