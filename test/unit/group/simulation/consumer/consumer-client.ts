/**
 * A consumer of the consumer protocol (KIP-848), as Kafka's own client does it: says what is new of itself, gives up
 * what it isn't to have any more, which takes its time, takes what is new, and says so.
 */
import type { TopicPartitions } from "../../../../../src/group/consumer/assignment.ts";
import { consumerGroupHeartbeat } from "../../../../../src/group/consumer/heartbeat.ts";
import { STATIC_LEAVE_EPOCH } from "../../../../../src/group/consumer/member.ts";
import type { HeartbeatReply, HeartbeatRequest } from "../../../../../src/group/consumer/validate.ts";
import { ErrorCode, errorName } from "../../../../../src/protocol/errors.ts";
import type { Uuid } from "../../../../../src/protocol/uuid.ts";
import { BACKOFF_MS, Client, GROUP, REBALANCE_MS, REQUEST_MS, type Subscription } from "./client.ts";

const VERSION = 1;

export class ConsumerClient extends Client {
  /** What it was last told to have. */
  private assignment: ReadonlySet<string> = new Set();
  /** Of several attempts to come to what it was told only the last counts; none is under way while it is undefined. */
  private reconciliation: object | undefined;
  private isWaiting = false;
  /** Whether the next heartbeat says all, because the last one may not have arrived. */
  private saysAll = true;
  /** Whether what it has, or subscribes to, has changed since it last said so. */
  private hasNews = false;

  get isMember(): boolean {
    return this.isUp && this.epoch > 0 && this.owned.symmetricDifference(this.assignment).size === 0;
  }

  override subscribe(subscription: Subscription): void {
    super.subscribe(subscription);
    this.saysAll = true;
  }

  protected override forget(): void {
    super.forget();
    this.assignment = new Set();
    this.reconciliation = undefined;
  }

  protected join(): void {
    this.saysAll = true;
    this.heartbeat();
  }

  protected beat(): void {
    if (!this.isWaiting) this.heartbeat();
  }

  protected sendLeave(): void {
    const forAWhile = this.instanceId !== null && this.world.random.below(3) > 0;
    const memberEpoch = forAWhile ? STATIC_LEAVE_EPOCH : -1;
    const request = { ...this.request(), memberEpoch, rebalanceTimeoutMs: -1, topicPartitions: null };
    this.isWaiting = false;
    this.sendLast(() => this.perform(request));
  }

  private heartbeat(): void {
    this.isWaiting = true;
    const request = this.request();
    this.saysAll = false;
    this.hasNews = false;
    this.send<HeartbeatReply>(
      () => this.perform(request),
      refused,
      (reply) => {
        this.isWaiting = false;
        if (reply.errorCode === ErrorCode.NONE) this.told(reply);
        else this.failed(reply.errorCode);
      },
      { ms: REQUEST_MS, run: () => this.again() },
    );
  }

  private again(): void {
    this.saysAll = true;
    this.heartbeat();
  }

  private perform(request: HeartbeatRequest): HeartbeatReply {
    const requester = { clientId: "client", clientHost: "/127.0.0.1", apiVersion: VERSION };
    const { reply } = this.world.bench.run((shard, nowMs) =>
      consumerGroupHeartbeat(shard, request, requester, nowMs),
    );
    if (reply instanceof Promise) throw new Error("a heartbeat waits");
    return reply;
  }

  private request(): HeartbeatRequest {
    const all = this.saysAll || this.epoch === 0;
    const { subscription } = this;
    const names = "names" in subscription ? [...subscription.names] : [];
    return {
      groupId: GROUP,
      memberId: this.memberId,
      memberEpoch: this.epoch,
      instanceId: this.instanceId,
      rackId: null,
      rebalanceTimeoutMs: all ? REBALANCE_MS : -1,
      subscribedTopicNames: all ? names : null,
      subscribedTopicRegex: all ? ("regex" in subscription ? subscription.regex : "") : null,
      serverAssignor: all ? this.world.assignor : null,
      topicPartitions: all || this.hasNews ? listed(this.owned) : null,
    };
  }

  private told({ memberEpoch, assignment }: HeartbeatReply): void {
    this.epoch = memberEpoch;
    if (assignment != null) this.assignment = keysOf(assignment.topicPartitions);
    this.reconcile();
  }

  /** Comes nearer to what it was told, unless it is on the way already. */
  private reconcile(): void {
    const target = this.assignment;
    if (this.reconciliation !== undefined || this.owned.symmetricDifference(target).size === 0) return;
    const attempt = {};
    this.reconciliation = attempt;
    const revokes = !this.owned.isSubsetOf(target);
    this.after(revokes ? this.world.revocationMs() : 0, () => {
      if (this.reconciliation !== attempt) return;
      this.reconciliation = undefined;
      this.owned = target;
      this.hasNews = true;
      if (!this.isWaiting) this.heartbeat();
      this.reconcile();
    });
  }

  private failed(errorCode: number): void {
    const name = errorName(errorCode);
    switch (name) {
      case "FENCED_MEMBER_EPOCH":
      case "UNKNOWN_MEMBER_ID":
      case "GROUP_ID_NOT_FOUND":
        this.world.events.fencings++;
        this.forget();
        this.after(BACKOFF_MS, () => this.join());
        return;
      case "FENCED_INSTANCE_ID":
        this.fenced();
        return;
      case "UNRELEASED_INSTANCE_ID":
      case "GROUP_MAX_SIZE_REACHED":
      case "NOT_COORDINATOR":
        this.saysAll = true;
        this.isWaiting = true;
        this.after(BACKOFF_MS * 5, () => this.heartbeat());
        return;
      default:
        throw new Error(`${this.memberId} is answered ${name}`);
    }
  }
}

function refused(errorCode: number): HeartbeatReply {
  return { throttleTimeMs: 0, errorCode, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null };
}

/** "topic id:partition" for each. */
export function keysOf(list: readonly TopicPartitions[]): Set<string> {
  return new Set(
    list.flatMap(({ topicId, partitions }) => partitions.map((partition) => `${topicId}:${partition}`)),
  );
}

export function listed(keys: ReadonlySet<string>): { topicId: Uuid; partitions: number[] }[] {
  const topics = new Map<Uuid, number[]>();
  for (const key of keys) {
    const [topicId, partition] = key.split(":") as [Uuid, string];
    const partitions = topics.get(topicId) ?? [];
    partitions.push(Number(partition));
    topics.set(topicId, partitions);
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
