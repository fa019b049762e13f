/**
 * A consumer that belongs to no group: all partitions of its topics are its own, or the one that it asks for.
 */
import type { KafkaClient } from "../client.ts";
import type { TopicPartition } from "../topics.ts";
import { LivingMembership } from "./living-membership.ts";
import type { MembershipOwner } from "./membership.ts";
import type { Subscription } from "./subscription.ts";

/** How often it looks for topics while there are none. */
const LOOK_AGAIN_MS = 500;

export class Lonely extends LivingMembership {
  readonly identity = null;

  constructor(
    client: KafkaClient,
    private readonly subscription: Subscription,
    owner: MembershipOwner,
  ) {
    super(client, owner);
  }

  protected async sayGoodbye(): Promise<void> {}

  protected async live(): Promise<void> {
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
      this.tryAgainAfter(error);
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
