/**
 * A member of a group of the classic protocol: joins, divides the partitions if it is the leader, and says every now
 * and then that it is still there. All partitions are given up in every rebalance.
 */
import { decode, encode } from "../../protocol/codec.ts";
import { ConsumerProtocolAssignment, ConsumerProtocolSubscription } from "../../protocol/data/index.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../protocol/messages/heartbeat.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../protocol/messages/join-group.ts";
import { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/messages/leave-group.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../protocol/messages/sync-group.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { checkError, serverError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { byTopic, type TopicPartition } from "../topics.ts";
import type { GroupMember } from "./assignors.ts";
import type { MemberIdentity } from "./committed-offsets.ts";
import type { ConsumerConfig } from "./config.ts";
import { LivingMembership } from "./living-membership.ts";
import type { MembershipOwner } from "./membership.ts";

const PROTOCOL_TYPE = "consumer";
const SUBSCRIPTION_VERSION = 1;
const ASSIGNMENT_VERSION = 1;
/** A join is answered when all members have come, which may take as long as they are allowed. */
const JOIN_GRACE_MS = 5000;
const LANE = "group";

type Joined = Decoded<typeof JoinGroupResponse>;

/** After these the member is nobody to the coordinator, and joins anew. */
const membershipLost = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"]);

export class ClassicMember extends LivingMembership {
  private memberId = "";
  private generation = -1;
  private isLeader = false;
  private subscribed: ReadonlyMap<string, number> = new Map();

  constructor(
    client: KafkaClient,
    private readonly config: ConsumerConfig,
    private readonly groupId: string,
    owner: MembershipOwner,
  ) {
    super(client, owner);
  }

  get identity(): MemberIdentity | null {
    if (this.generation < 0) return null;
    const { groupId, memberId, generation: epoch } = this;
    return { groupId, memberId, epoch, instanceId: this.config.groupInstanceId, protocol: "classic" };
  }

  protected async sayGoodbye(): Promise<void> {
    // A static member keeps its place for the time that it is away.
    if (this.memberId === "" || this.config.groupInstanceId !== null) return;
    const member = { memberId: this.memberId, reason: "the consumer is being closed" };
    const body = { groupId: this.groupId, members: [member], memberId: this.memberId };
    await this.client
      .sendOnce({ group: this.groupId }, LeaveGroupRequest, LeaveGroupResponse, body)
      .catch(() => {});
  }

  protected async live(): Promise<void> {
    while (!this.isLeaving) {
      let isLost = false;
      try {
        const assigned = await this.join();
        if (this.isLeaving) return;
        await this.owner.assigned(assigned);
        await this.stay();
      } catch (error) {
        if (this.isLeaving) return;
        isLost = this.recover(error);
        await Bun.sleep(this.client.config.retryBackoffMs);
      }
      if (!this.isLeaving) await this.owner.assigned([], isLost);
    }
  }

  /** Throws what can't be helped. Returns whether the partitions are lost. */
  private recover(error: unknown): boolean {
    if (error instanceof KafkaError && membershipLost.has(error.errorName)) {
      if (error.errorName === "UNKNOWN_MEMBER_ID") this.memberId = "";
      this.generation = -1;
      return true;
    }
    if (error instanceof KafkaError && error.errorName === "REBALANCE_IN_PROGRESS") return false;
    this.tryAgainAfter(error);
    return false;
  }

  private async join(): Promise<TopicPartition[]> {
    this.subscribed = await this.owner.topics();
    const joined = await this.askToJoin();
    this.memberId = joined.memberId;
    this.isLeader = joined.leader === joined.memberId;
    const assignments = this.isLeader ? await this.divide(joined) : [];
    const answer = await this.client.sendOnce(
      { group: this.groupId },
      SyncGroupRequest,
      SyncGroupResponse,
      {
        groupId: this.groupId,
        generationId: joined.generationId,
        memberId: this.memberId,
        groupInstanceId: this.config.groupInstanceId,
        protocolType: PROTOCOL_TYPE,
        protocolName: joined.protocolName,
        assignments,
      },
      { lane: LANE, timeoutMs: this.config.maxPollIntervalMs + JOIN_GRACE_MS },
    );
    checkError(answer.errorCode);
    this.generation = joined.generationId;
    this.hasBegun = true;
    return readAssignment(answer.assignment);
  }

  private async askToJoin(): Promise<Joined> {
    const metadata = withVersion(
      SUBSCRIPTION_VERSION,
      encode(ConsumerProtocolSubscription, SUBSCRIPTION_VERSION, {
        topics: [...this.subscribed.keys()],
        ownedPartitions: [],
      }),
    );
    const ask = () =>
      this.client.sendOnce(
        { group: this.groupId },
        JoinGroupRequest,
        JoinGroupResponse,
        {
          groupId: this.groupId,
          sessionTimeoutMs: this.config.sessionTimeoutMs,
          rebalanceTimeoutMs: this.config.maxPollIntervalMs,
          memberId: this.memberId,
          groupInstanceId: this.config.groupInstanceId,
          protocolType: PROTOCOL_TYPE,
          protocols: this.config.assignors.map(({ name }) => ({ name, metadata })),
        },
        { lane: LANE, timeoutMs: this.config.maxPollIntervalMs + JOIN_GRACE_MS },
      );
    let answer = await ask();
    const error = serverError(answer.errorCode);
    if (error?.errorName === "MEMBER_ID_REQUIRED" && !this.isLeaving) {
      this.memberId = answer.memberId;
      answer = await ask();
    }
    checkError(answer.errorCode);
    return answer;
  }

  private async divide(joined: Joined): Promise<{ memberId: string; assignment: Buffer }[]> {
    const assignor = this.config.assignors.find(({ name }) => name === joined.protocolName);
    if (joined.skipAssignment || assignor === undefined) return [];
    const members: GroupMember[] = joined.members.map(({ memberId, metadata }) => ({
      memberId,
      topics: readTopics(metadata),
    }));
    const topics = [...new Set(members.flatMap((member) => member.topics))];
    const counts = await this.owner.partitionCounts(topics);
    this.subscribed = new Map(
      [...this.subscribed].map(([topic, count]) => [topic, counts.get(topic) ?? count]),
    );
    const assignment = assignor.assign(members, counts);
    return [...assignment].map(([memberId, partitions]) => ({
      memberId,
      assignment: writeAssignment(partitions),
    }));
  }

  /** Stays a member; resolves when it has to join again. */
  private async stay(): Promise<void> {
    let nextMs = performance.now() + this.config.heartbeatIntervalMs;
    while (!this.isLeaving) {
      await this.nudge.wait(nextMs - performance.now());
      if (this.isLeaving) return;
      if (performance.now() < nextMs) {
        if (await this.subscriptionHasChanged()) return;
        continue;
      }
      nextMs = performance.now() + this.config.heartbeatIntervalMs;
      const answer = await this.client.sendOnce(
        { group: this.groupId },
        HeartbeatRequest,
        HeartbeatResponse,
        {
          groupId: this.groupId,
          generationId: this.generation,
          memberId: this.memberId,
          groupInstanceId: this.config.groupInstanceId,
        },
        { lane: LANE },
      );
      checkError(answer.errorCode);
    }
  }

  /** New topics are every member's business, new partitions the leader's. */
  private async subscriptionHasChanged(): Promise<boolean> {
    const topics = await this.owner.topics();
    if (topics.size !== this.subscribed.size) return true;
    return [...topics].some(([topic, count]) => {
      const before = this.subscribed.get(topic);
      return before === undefined || (this.isLeader && before !== count);
    });
  }
}

/** What members say to each other begins with its version. */
function withVersion(version: number, bytes: Buffer): Buffer {
  const whole = Buffer.alloc(2 + bytes.length);
  whole.writeInt16BE(version, 0);
  whole.set(bytes, 2);
  return whole;
}

function readTopics(metadata: Buffer): readonly string[] {
  const version = Math.min(metadata.readInt16BE(0), ConsumerProtocolSubscription.versions.max);
  return decode(ConsumerProtocolSubscription, version, metadata, 2).topics;
}

function readAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  const version = Math.min(bytes.readInt16BE(0), ConsumerProtocolAssignment.versions.max);
  const { assignedPartitions } = decode(ConsumerProtocolAssignment, version, bytes, 2);
  return assignedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function writeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const assignedPartitions = byTopic(partitions).map(([topic, ofTopic]) => ({
    topic,
    partitions: ofTopic.map(({ partition }) => partition),
  }));
  return withVersion(
    ASSIGNMENT_VERSION,
    encode(ConsumerProtocolAssignment, ASSIGNMENT_VERSION, { assignedPartitions }),
  );
}
