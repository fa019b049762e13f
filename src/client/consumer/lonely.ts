/**
 * A consumer that belongs to no group: all partitions of its topics are its own, or the one that it asks for.
 */
import type { KafkaClient } from "../client.ts";
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
      const partitions = await this.partitions();
      if (partitions.length > 0) await this.owner.assigned(partitions);
      await this.nudge.wait(partitions.length > 0 ? Number.POSITIVE_INFINITY : LOOK_AGAIN_MS);
    }
  }

  private async partitions(): Promise<TopicPartition[]> {
    try {
      const all = [...(await this.owner.topics())].flatMap(([topic, count]) =>
        Array.from({ length: count }, (_, partition) => ({ topic, partition })),
      );
      const { subscription } = this;
      return "from" in subscription
        ? all.filter(({ partition }) => partition === subscription.partition)
        : all;
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.client.forget();
      return [];
    }
  }
}
