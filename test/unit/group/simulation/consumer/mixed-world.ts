/**
 * A schedule in which processes of both protocols share a group, and change from one to the other when they start anew:
 * the group becomes a consumer group, and a classic one again.
 */
import type { ClassicGroup } from "../../../../../src/group/classic/group.ts";
import { ClassicClient } from "./classic-client.ts";
import { type Client, GROUP, type Subscription } from "./client.ts";
import { ConsumerClient } from "./consumer-client.ts";
import { TOPICS, World } from "./world.ts";

export class MixedWorld extends World {
  private wasConsumerGroup: boolean | undefined;

  private get classicGroup(): ClassicGroup | undefined {
    const group = this.bench.shard.groups.get(GROUP);
    return group?.type === "classic" ? group : undefined;
  }

  protected override newClient(index: number): Client {
    const instanceId = this.random.below(3) === 0 ? `instance-${index}` : null;
    return this.newProcess(instanceId, this.newSubscription());
  }

  private newProcess(instanceId: string | null, subscription: Subscription): Client {
    const Kind = this.random.below(2) === 0 ? ConsumerClient : ClassicClient;
    return new Kind(this, instanceId, subscription);
  }

  /** Classic groups subscribe to names, and look after their topics themselves. */
  protected override newSubscription(): Subscription {
    return { names: TOPICS.filter(() => this.random.below(4) > 0) };
  }

  protected override changeTopics(): void {}

  protected override letHappen(): void {
    const index = this.random.below(this.clients.length);
    const client = this.clients[index];
    if (client !== undefined && !client.isUp && this.random.below(4) === 0) {
      this.clients[index] = this.newProcess(client.instanceId, client.subscription);
    }
    super.letHappen();
  }

  /** A static member stays in a classic group that goes on without it: what it had, others have. */
  protected override noteGivenUp(): void {
    super.noteGivenUp();
    const { classicGroup } = this;
    if (classicGroup?.state !== "Stable") return;
    for (const client of this.clients) {
      const isBehind = client instanceof ClassicClient && client.epoch < classicGroup.generationId - 1;
      if (isBehind && classicGroup.members.has(client.memberId)) client.isGivenUp = true;
    }
  }

  /** A static member may miss a generation of a classic group, and not have heard of it. */
  protected override isUpToDate(client: Client): boolean {
    const { classicGroup } = this;
    if (classicGroup !== undefined) {
      return client.isMember && client.epoch === classicGroup.generationId;
    }
    const member = this.group?.members.get(client.memberId);
    const isClassic = client instanceof ClassicClient && member !== undefined;
    return !isClassic || [member.memberEpoch, member.previousMemberEpoch].includes(client.epoch);
  }

  protected override hasMember(memberId: string): boolean {
    return super.hasMember(memberId) || this.classicGroup?.members.has(memberId) === true;
  }

  /**
   * Not while a classic group rebalances: the log doesn't say that it does. A group that has just been a consumer group
   * would be taken for settled, in Kafka too, though its members have yet to join.
   */
  protected override restart(): void {
    if (this.classicGroup?.state !== "PreparingRebalance") super.restart();
  }

  protected override check(): void {
    super.check();
    const group = this.bench.shard.groups.get(GROUP);
    if (group === undefined || group.isEmpty) return;
    const isConsumerGroup = group.type === "consumer";
    if (this.wasConsumerGroup !== undefined && this.wasConsumerGroup !== isConsumerGroup) {
      this.events.conversions = (this.events.conversions ?? 0) + 1;
    }
    this.wasConsumerGroup = isConsumerGroup;
  }

  protected override isSettled(): boolean {
    if (this.clients.some((client) => client.isUp && client instanceof ConsumerClient))
      return super.isSettled();
    for (const client of this.clients) if (client.isFenced) client.start();
    const up = this.clients.filter(({ isUp }) => isUp);
    const { classicGroup, group } = this;
    if (up.length === 0) return (classicGroup ?? group)?.isEmpty !== false;
    if (classicGroup?.state !== "Stable" || classicGroup.members.size !== up.length) return false;
    const isInPlace = (client: Client) => client.isMember && client.epoch === classicGroup.generationId;
    return up.every(isInPlace) && this.isShared(up);
  }
}
