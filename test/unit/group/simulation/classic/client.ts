/**
 * A consumer as the coordinator sees it: joins, syncs, sends heartbeats, and does what it is told. What it doesn't hear
 * of it asks again. A process may end and another come back in its place.
 */
import { type HeartbeatReply, heartbeat } from "../../../../../src/group/classic/heartbeat.ts";
import { joinGroup } from "../../../../../src/group/classic/join.ts";
import { type LeaveGroupReply, leaveGroup } from "../../../../../src/group/classic/leave.ts";
import type { JoinGroupReply, SyncGroupReply } from "../../../../../src/group/classic/member.ts";
import { joinError, syncError } from "../../../../../src/group/classic/replies.ts";
import { syncGroup } from "../../../../../src/group/classic/sync.ts";
import { ErrorCode, errorName } from "../../../../../src/protocol/errors.ts";
import { Answer } from "../../classic/support/bench.ts";
import { requester, subscription } from "../../classic/support/requests.ts";
import type { Sent } from "../network.ts";
import type { World } from "./world.ts";

export const GROUP = "group";
export const SESSION_MS = 6_000;
export const REBALANCE_MS = 8_000;
const HEARTBEAT_MS = 2_000;
const BACKOFF_MS = 100;
/** How long a client waits for an answer, besides the time that a rebalance may take. */
const REQUEST_MS = 3_000;

/** `idle` between two attempts; `fenced` for a process that another one has taken the place of. */
type Phase = "down" | "idle" | "joining" | "syncing" | "stable" | "fenced";

export class Client {
  phase: Phase = "down";
  memberId = "";
  generationId = -1;
  /** What it was assigned in its generation. */
  assignment = "";
  private life = 0;
  /** Of the requests that are under way only answers to the last one count. */
  private attempt = 0;
  private protocolName: string | null = null;

  /**
   * @param clientId begins with "static" for a static member, whose instance id it is
   * @param joinVersion below 4 there are no member ids beforehand, from 9 on a leader may be told not to assign
   */
  constructor(
    private readonly world: World,
    readonly clientId: string,
    private readonly joinVersion: number,
    private protocols: readonly string[],
    private topic: string,
  ) {}

  get groupInstanceId(): string | null {
    return this.clientId.startsWith("static") ? this.clientId : null;
  }

  get isUp(): boolean {
    return this.phase !== "down" && this.phase !== "fenced";
  }

  /** A process starts, and knows nothing of the one before. */
  start(): void {
    this.forget();
    this.join();
    this.beatAgain(this.life);
  }

  /** The process ends without a word. */
  crash(): void {
    this.life++;
    this.attempt++;
    this.phase = "down";
  }

  /** The process ends and says so. */
  leave(): void {
    const { memberId, groupInstanceId, world } = this;
    this.crash();
    const named = groupInstanceId === null || world.coin() ? memberId : ""; // As an administrator names it.
    const members = [{ memberId: named, groupInstanceId, reason: null }];
    this.send<LeaveGroupReply>({
      perform: () => {
        const group = world.group;
        if (group === undefined) return new Answer({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, members: [] });
        return world.bench.run((shard, nowMs) =>
          leaveGroup(shard, group, { groupId: GROUP, memberId: "", members }, nowMs),
        );
      },
      refused: (errorCode) => ({ errorCode, members: [] }),
      deliver() {},
    });
  }

  /** Subscribes to something else. */
  subscribe(topic: string, protocols: readonly string[]): void {
    this.topic = topic;
    this.protocols = protocols;
    if (this.isUp) this.join();
  }

  /** Joins again though nothing seems to have changed: a leader that has seen new partitions. */
  rejoin(): void {
    if (this.phase === "stable") this.join();
  }

  private join(): void {
    const { world, memberId, groupInstanceId, clientId, joinVersion } = this;
    this.phase = "joining";
    const attempt = this.nextAttempt(REBALANCE_MS + REQUEST_MS);
    const metadata = subscription([this.topic]);
    const request = {
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId,
      groupInstanceId,
      protocolType: "consumer",
      protocols: this.protocols.map((name) => ({ name, metadata })),
      reason: null,
    };
    this.send<JoinGroupReply>({
      perform: () =>
        world.bench.run((shard, nowMs) => joinGroup(shard, request, requester(joinVersion, clientId), nowMs)),
      refused: (errorCode) => joinError(errorName(errorCode)),
      answered: (reply) => {
        if (reply.errorCode === ErrorCode.NONE) world.ledger.joined(reply);
      },
      deliver: (reply) => {
        if (attempt === this.attempt) this.joined(reply);
      },
    });
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
    this.generationId = reply.generationId ?? -1;
    this.protocolName = reply.protocolName ?? null;
    const leads = reply.leader === reply.memberId && !reply.skipAssignment;
    this.sync(leads ? reply.members.map(({ memberId }) => memberId) : []);
  }

  /** @param members who is to be assigned something, where this one leads */
  private sync(members: string[]): void {
    const { world, memberId, generationId } = this;
    this.phase = "syncing";
    const attempt = this.nextAttempt(REBALANCE_MS + REQUEST_MS);
    const assigned = world.assign(members);
    const request = {
      groupId: GROUP,
      generationId,
      memberId,
      groupInstanceId: this.groupInstanceId,
      protocolType: "consumer",
      protocolName: this.protocolName,
      assignments: members.map((id) => ({ memberId: id, assignment: Buffer.from(assigned.get(id) ?? "") })),
    };
    this.send<SyncGroupReply>({
      perform: () => {
        const group = world.group;
        if (group === undefined) return new Answer(syncError("UNKNOWN_MEMBER_ID"));
        return world.bench.run((shard, nowMs) => syncGroup(shard, group, request, nowMs));
      },
      refused: (errorCode) => syncError(errorName(errorCode)),
      answered: (reply) => {
        if (reply.errorCode === ErrorCode.NONE) world.ledger.synced(memberId, generationId, reply);
      },
      deliver: (reply) => {
        if (attempt === this.attempt) this.synced(reply);
      },
    });
  }

  private synced(reply: SyncGroupReply): void {
    if (reply.errorCode !== ErrorCode.NONE) {
      this.failed(reply.errorCode);
      return;
    }
    this.assignment = Buffer.from(reply.assignment).toString();
    this.phase = "stable";
    this.attempt++;
  }

  private beatAgain(life: number): void {
    this.world.bench.clock.schedule(HEARTBEAT_MS, () => {
      if (life !== this.life) return;
      if (this.phase === "stable" || this.phase === "syncing") this.beat();
      this.beatAgain(life);
    });
  }

  private beat(): void {
    const { world, memberId, generationId, groupInstanceId, attempt } = this;
    const request = { groupId: GROUP, generationId, memberId, groupInstanceId };
    this.send<HeartbeatReply>({
      perform: () => {
        const group = world.group;
        if (group === undefined) return new Answer({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID });
        return world.bench.run((shard) => heartbeat(shard, group, request));
      },
      refused: (errorCode) => ({ errorCode }),
      deliver: ({ errorCode }) => {
        const isOld = attempt !== this.attempt || generationId !== this.generationId;
        if (isOld || errorCode === ErrorCode.NONE || errorCode === ErrorCode.NOT_COORDINATOR) return;
        this.failed(errorCode);
      },
    });
  }

  private failed(errorCode: number): void {
    switch (errorName(errorCode)) {
      case "FENCED_INSTANCE_ID":
        this.crash();
        this.phase = "fenced";
        return;
      case "UNKNOWN_MEMBER_ID":
        this.forget();
        break;
      case "REBALANCE_IN_PROGRESS":
      case "NOT_COORDINATOR":
      case "ILLEGAL_GENERATION":
      case "INCONSISTENT_GROUP_PROTOCOL":
      case "GROUP_MAX_SIZE_REACHED":
        break;
      default:
        throw new Error(`${this.clientId} is answered ${errorName(errorCode)}`);
    }
    this.phase = "idle";
    const attempt = ++this.attempt;
    this.world.bench.clock.schedule(BACKOFF_MS, () => {
      if (attempt === this.attempt && this.phase === "idle") this.join();
    });
  }

  private forget(): void {
    this.memberId = "";
    this.generationId = -1;
    this.assignment = "";
  }

  /** Sends a request, which may arrive after the client has given it up, but not after the coordinator has ended. */
  private send<R extends { readonly errorCode: number }>(request: Omit<Sent<R>, "isConnected">): void {
    const { ledger, network } = this.world;
    const { incarnation } = ledger;
    network.send({ ...request, isConnected: () => incarnation === ledger.incarnation });
  }

  /** A new request; the client gives it up and joins when it isn't answered in that time. */
  private nextAttempt(timeoutMs: number): number {
    const attempt = ++this.attempt;
    this.world.bench.clock.schedule(timeoutMs, () => {
      if (attempt === this.attempt) this.join();
    });
    return attempt;
  }
}
