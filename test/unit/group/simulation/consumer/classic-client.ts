/**
 * A consumer of the classic protocol, in a consumer group or in a classic one: it can't tell. With "range" it gives up
 * everything before it joins; with "cooperative-sticky" it keeps what it has until it is told otherwise. Leading a
 * classic group, it assigns.
 */

import type { HeartbeatReply } from "../../../../../src/group/classic/heartbeat.ts";
import type { LeaveGroupReply } from "../../../../../src/group/classic/leave.ts";
import type { JoinGroupReply, SyncGroupReply } from "../../../../../src/group/classic/member.ts";
import { joinError, syncError } from "../../../../../src/group/classic/replies.ts";
import { beat, join, leave, sync } from "../../../../../src/group/classic-requests.ts";
import { decodeAssignment, withTopicIds } from "../../../../../src/group/consumer/classic-protocol.ts";
import { encode } from "../../../../../src/protocol/codec.ts";
import { ConsumerProtocolSubscription } from "../../../../../src/protocol/data/consumer-protocol-subscription.ts";
import { ErrorCode, errorName } from "../../../../../src/protocol/errors.ts";
import {
  BACKOFF_MS,
  Client,
  GROUP,
  REBALANCE_MS,
  REQUEST_MS,
  SESSION_MS,
  type Subscription,
} from "./client.ts";
import { keysOf, listed } from "./consumer-client.ts";
import { assign } from "./leader.ts";

const SUBSCRIPTION_VERSION = 3;
const requester = { clientId: "client", clientHost: "/127.0.0.1", apiVersion: 9 };

export class ClassicClient extends Client {
  private phase: "joining" | "syncing" | "stable" = "joining";
  private protocol = "";

  get isMember(): boolean {
    return this.isUp && this.phase === "stable";
  }

  /** A static member keeps to what it has: if it starts anew meanwhile, a classic group doesn't notice the change. */
  override subscribe(subscription: Subscription): void {
    if (this.instanceId !== null) return;
    super.subscribe(subscription);
    this.join();
  }

  protected override forget(): void {
    super.forget();
    this.memberId = "";
  }

  protected join(): void {
    this.phase = "joining";
    if (!this.world.isCooperative) this.owned = new Set();
    const request = {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: this.memberId,
      groupInstanceId: this.instanceId,
      protocolType: "consumer",
      protocols: [
        {
          name: this.world.isCooperative ? "cooperative-sticky" : "range",
          metadata: this.subscriptionBytes(),
        },
      ],
      reason: null,
    };
    this.send<JoinGroupReply>(
      () => this.world.bench.run((shard, nowMs) => join(shard, request, requester, nowMs)).reply,
      (errorCode) => joinError(errorName(errorCode)),
      (reply) => this.joined(reply),
      { ms: REBALANCE_MS + REQUEST_MS, run: () => this.join() },
    );
  }

  private subscriptionBytes(): Buffer {
    const { topics } = this.world.bench;
    const ownedPartitions = listed(this.owned).flatMap(({ topicId, partitions }) => {
      const topic = topics.byId(topicId)?.name;
      return topic === undefined ? [] : [{ topic, partitions }];
    });
    const names = "names" in this.subscription ? this.subscription.names : [];
    const generationId = this.epoch > 0 ? this.epoch : -1;
    const body = encode(ConsumerProtocolSubscription, SUBSCRIPTION_VERSION, {
      topics: [...names],
      ownedPartitions,
      generationId,
    });
    return Buffer.concat([Buffer.from([0, SUBSCRIPTION_VERSION]), body]);
  }

  private joined(reply: JoinGroupReply): void {
    if (reply.errorCode === ErrorCode.MEMBER_ID_REQUIRED) {
      this.memberId = reply.memberId;
      this.join();
      return;
    }
    if (reply.errorCode !== ErrorCode.NONE) {
      this.failed(reply.errorCode);
      return;
    }
    this.memberId = reply.memberId;
    this.epoch = reply.generationId ?? -1;
    this.protocol = reply.protocolName ?? "";
    this.sync(reply.leader === reply.memberId && reply.skipAssignment !== true ? reply.members : []);
  }

  private sync(members: JoinGroupReply["members"]): void {
    this.phase = "syncing";
    const request = {
      groupId: GROUP,
      generationId: this.epoch,
      memberId: this.memberId,
      groupInstanceId: this.instanceId,
      protocolType: "consumer",
      protocolName: this.protocol,
      assignments: assign(members, this.world.bench.topics, this.world.isCooperative),
    };
    this.send<SyncGroupReply>(
      () => this.world.bench.run((shard, nowMs) => sync(shard, request, nowMs)).reply,
      (errorCode) => syncError(errorName(errorCode)),
      (reply) => this.synced(reply),
      { ms: REBALANCE_MS + REQUEST_MS, run: () => this.join() },
    );
  }

  private synced(reply: SyncGroupReply): void {
    if (reply.errorCode !== ErrorCode.NONE) {
      this.failed(reply.errorCode);
      return;
    }
    const target =
      reply.assignment.length === 0
        ? new Set<string>()
        : keysOf(
            withTopicIds(decodeAssignment(reply.assignment).assignedPartitions, this.world.bench.topics),
          );
    this.isGivenUp = false;
    const givesUp = !this.owned.isSubsetOf(target);
    this.phase = "stable";
    this.owned = target;
    // It says that it has given something up by joining again, so that others can have it.
    if (givesUp && this.world.isCooperative) this.after(BACKOFF_MS, () => this.join());
  }

  protected beat(): void {
    if (this.phase !== "stable") return;
    const { epoch, memberId, instanceId } = this;
    const request = { groupId: GROUP, generationId: epoch, memberId, groupInstanceId: instanceId };
    this.send<HeartbeatReply>(
      () => this.world.bench.run((shard) => beat(shard, request)).reply,
      (errorCode) => ({ errorCode }),
      ({ errorCode }) => {
        if (errorCode === ErrorCode.REBALANCE_IN_PROGRESS) this.join();
        else if (errorCode !== ErrorCode.NONE) this.failed(errorCode);
      },
      { ms: REQUEST_MS, run: () => {} },
    );
  }

  protected sendLeave(): void {
    const { memberId, instanceId } = this;
    const members = [{ memberId, groupInstanceId: instanceId, reason: null }];
    this.sendLast(() => {
      const request = { groupId: GROUP, memberId: "", members };
      const { reply } = this.world.bench.run<LeaveGroupReply>((shard, nowMs) => leave(shard, request, nowMs));
      if (reply instanceof Promise) throw new Error("a departure waits");
      return reply;
    });
  }

  private failed(errorCode: number): void {
    const name = errorName(errorCode);
    switch (name) {
      case "UNKNOWN_MEMBER_ID":
        this.world.events.fencings++;
        this.forget();
        break;
      case "ILLEGAL_GENERATION":
        this.world.events.fencings++;
        this.owned = new Set();
        this.epoch = 0;
        break;
      case "FENCED_INSTANCE_ID":
        this.fenced();
        return;
      case "REBALANCE_IN_PROGRESS":
      case "NOT_COORDINATOR":
      case "GROUP_MAX_SIZE_REACHED":
      case "INCONSISTENT_GROUP_PROTOCOL":
      case "UNRELEASED_INSTANCE_ID":
        break;
      default:
        throw new Error(`${this.memberId} is answered ${name}`);
    }
    this.phase = "joining";
    this.after(BACKOFF_MS, () => this.join());
  }
}
