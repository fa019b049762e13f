/**
 * A member of a group of the consumer protocol (KIP-848): the coordinator divides the partitions, and tells in the
 * answer to a heartbeat which ones are this member's. It gives up some before others get them, and says so.
 */
import { KafkaError } from "../../protocol/errors.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../protocol/messages/consumer-group-heartbeat.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import { randomUuid, type Uuid } from "../../protocol/uuid.ts";
import { checkError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import type { TopicPartition } from "../topics.ts";
import type { MemberIdentity } from "./committed-offsets.ts";
import type { ConsumerConfig } from "./config.ts";
import { LivingMembership } from "./living-membership.ts";
import type { MembershipOwner } from "./membership.ts";

const LANE = "group";
const JOINING = 0;
const LEAVING = -1;
const LEAVING_FOR_A_WHILE = -2;

type Heartbeat = Encodable<typeof ConsumerGroupHeartbeatRequest>;
type Answer = Decoded<typeof ConsumerGroupHeartbeatResponse>;
type Partitions = readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[];

/** After these the member is nobody to the coordinator, and joins anew. */
const membershipLost = new Set(["UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH"]);

export class ConsumerMember extends LivingMembership {
  private readonly memberId = randomUuid((target) => crypto.getRandomValues(target));
  private epoch = JOINING;
  private owned: Partitions = [];
  private topics: readonly string[] = [];

  constructor(
    client: KafkaClient,
    private readonly config: ConsumerConfig,
    private readonly groupId: string,
    owner: MembershipOwner,
  ) {
    super(client, owner);
  }

  get identity(): MemberIdentity | null {
    if (this.epoch <= JOINING) return null;
    const { groupId, memberId, epoch } = this;
    return { groupId, memberId, epoch, instanceId: this.config.groupInstanceId, protocol: "consumer" };
  }

  protected async sayGoodbye(): Promise<void> {
    if (this.epoch <= JOINING) return;
    const epoch = this.config.groupInstanceId === null ? LEAVING : LEAVING_FOR_A_WHILE;
    await this.send({ memberEpoch: epoch }).catch(() => {});
  }

  protected async live(): Promise<void> {
    /** Whether the coordinator is told everything, and not only what is new. */
    let tellsAll = true;
    while (!this.isLeaving) {
      try {
        const answer = await this.heartbeat(tellsAll);
        if (this.isLeaving) return;
        checkError(answer.errorCode, answer.errorMessage);
        tellsAll = false;
        this.epoch = answer.memberEpoch;
        this.hasBegun = true;
        if (answer.assignment !== null && (await this.follow(answer.assignment.topicPartitions))) continue;
        await this.nudge.wait(answer.heartbeatIntervalMs);
      } catch (error) {
        if (this.isLeaving) return;
        await this.recover(error);
        tellsAll = true;
        await Bun.sleep(this.client.config.retryBackoffMs);
      }
    }
  }

  private async recover(error: unknown): Promise<void> {
    if (error instanceof KafkaError && membershipLost.has(error.errorName)) {
      this.epoch = JOINING;
      this.owned = [];
      await this.owner.assigned([], true);
      return;
    }
    this.tryAgainAfter(error);
  }

  private async heartbeat(tellsAll: boolean): Promise<Answer> {
    const before = this.topics;
    this.topics = [...(await this.owner.topics()).keys()];
    const isNew = before.join() !== this.topics.join();
    return this.send({
      memberEpoch: this.epoch,
      ...(tellsAll && {
        instanceId: this.config.groupInstanceId,
        rackId: this.config.rackId || null,
        rebalanceTimeoutMs: this.config.maxPollIntervalMs,
        serverAssignor: this.config.groupRemoteAssignor,
      }),
      ...((tellsAll || isNew) && { subscribedTopicNames: this.topics }),
      topicPartitions: this.owned.map(({ topicId, partitions }) => ({ topicId, partitions })),
    });
  }

  private send(body: Omit<Heartbeat, "groupId" | "memberId">): Promise<Answer> {
    return this.client.sendOnce(
      { group: this.groupId },
      ConsumerGroupHeartbeatRequest,
      ConsumerGroupHeartbeatResponse,
      { groupId: this.groupId, memberId: this.memberId, instanceId: this.config.groupInstanceId, ...body },
      { lane: LANE },
    );
  }

  /** Takes and gives up partitions as the coordinator says. Returns whether something has changed. */
  private async follow(target: Partitions): Promise<boolean> {
    if (text(target) === text(this.owned)) return false;
    const named: TopicPartition[] = [];
    for (const { topicId, partitions } of target) {
      const topic = await this.owner.topicName(topicId);
      if (topic !== undefined) for (const partition of partitions) named.push({ topic, partition });
    }
    await this.owner.assigned(named);
    this.owned = target;
    return true;
  }
}

function text(partitions: Partitions): string {
  const names = partitions.flatMap(({ topicId, partitions: numbers }) =>
    numbers.map((partition) => `${topicId}-${partition}`),
  );
  return names.sort().join();
}
