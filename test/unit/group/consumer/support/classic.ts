/**
 * Requests of the classic protocol, sent to a group on the bench, whatever its type.
 */
import { peek } from "bun";
import { beat, join, leave, sync } from "../../../../../src/group/classic-requests.ts";
import { decodeAssignment, withTopicIds } from "../../../../../src/group/consumer/classic-protocol.ts";
import { encode } from "../../../../../src/protocol/codec.ts";
import { ConsumerProtocolAssignment } from "../../../../../src/protocol/data/consumer-protocol-assignment.ts";
import { ConsumerProtocolSubscription } from "../../../../../src/protocol/data/consumer-protocol-subscription.ts";
import type { ConsumerBench } from "./bench.ts";
import { GROUP, type Partitions, REBALANCE_MS } from "./heartbeats.ts";

export const SESSION_MS = 8_000;
const VERSION = 3;

export interface ClassicJoin {
  readonly memberId?: string;
  readonly instanceId?: string;
  readonly topics?: string[];
  /** By topic name. */
  readonly owned?: Partitions;
  readonly generationId?: number;
  readonly protocols?: string[];
  readonly protocolType?: string;
  readonly metadata?: Buffer;
  readonly apiVersion?: number;
}

export function subscription({ topics = [], owned = {}, generationId = -1 }: ClassicJoin): Buffer {
  const ownedPartitions = Object.entries(owned).map(([topic, partitions]) => ({ topic, partitions }));
  const body = encode(ConsumerProtocolSubscription, VERSION, { topics, ownedPartitions, generationId });
  return Buffer.concat([Buffer.from([0, VERSION]), body]);
}

/** An assignment by topic name. */
export function assignment(partitions: Partitions, userData: Buffer | null = null): Buffer {
  const assignedPartitions = Object.entries(partitions).map(([topic, list]) => ({ topic, partitions: list }));
  return Buffer.concat([
    Buffer.from([0, VERSION]),
    encode(ConsumerProtocolAssignment, VERSION, { assignedPartitions, userData }),
  ]);
}

/** The reply, or undefined as long as the member has to wait. */
export function joinClassic(bench: ConsumerBench, given: ClassicJoin) {
  const metadata = given.metadata ?? subscription(given);
  const request = {
    groupId: GROUP,
    sessionTimeoutMs: SESSION_MS,
    rebalanceTimeoutMs: REBALANCE_MS,
    memberId: given.memberId ?? "",
    groupInstanceId: given.instanceId ?? null,
    protocolType: given.protocolType ?? "consumer",
    protocols: (given.protocols ?? ["range"]).map((name) => ({ name, metadata })),
    reason: null,
  };
  const requester = {
    clientId: "client",
    clientHost: "/127.0.0.1",
    apiVersion: given.apiVersion ?? 9,
  };
  const { reply } = bench.run((shard, nowMs) => join(shard, request, requester, nowMs));
  // The first rebalance of a classic group takes its time, which is none here.
  bench.clock.advance(0);
  const value = peek(reply);
  return value instanceof Promise ? undefined : value;
}

export function syncClassic(
  bench: ConsumerBench,
  memberId: string,
  generationId: number,
  assignments: { memberId: string; assignment: Buffer }[] = [],
  more: { groupInstanceId?: string; protocolType?: string | null; protocolName?: string | null } = {},
) {
  const request = {
    groupId: GROUP,
    generationId,
    memberId,
    groupInstanceId: null,
    protocolType: "consumer",
    protocolName: "range",
    assignments,
    ...more,
  };
  const { reply } = bench.run((shard, nowMs) => sync(shard, request, nowMs));
  const value = peek(reply);
  return value instanceof Promise ? undefined : value;
}

/** Joins and syncs, and tells what that led to: the generation, and the partitions by topic id. */
export function rejoinClassic(bench: ConsumerBench, given: ClassicJoin) {
  const joined = joinClassic(bench, given);
  if (joined === undefined || joined.errorCode !== 0) throw new Error(`error ${joined?.errorCode}`);
  const synced = syncClassic(bench, joined.memberId, joined.generationId ?? -1);
  return {
    memberId: joined.memberId,
    generationId: joined.generationId ?? -1,
    partitions: partitionsIn(bench, synced?.assignment ?? Buffer.alloc(0)),
  };
}

export function partitionsIn(bench: ConsumerBench, bytes: Uint8Array): Partitions {
  const list = withTopicIds(decodeAssignment(bytes).assignedPartitions, bench.topics);
  return Object.fromEntries(list.map(({ topicId, partitions }) => [topicId, [...partitions]]));
}

export function beatClassic(bench: ConsumerBench, memberId: string, generationId: number): number {
  const request = { groupId: GROUP, generationId, memberId, groupInstanceId: null };
  const { reply } = bench.run((shard) => beat(shard, request));
  if (reply instanceof Promise) throw new Error("a heartbeat waits");
  return reply.errorCode;
}

export function leaveClassic(
  bench: ConsumerBench,
  ...members: { memberId: string; groupInstanceId: string | null }[]
): number[] {
  const request = {
    groupId: GROUP,
    memberId: "",
    members: members.map((member) => ({ ...member, reason: null })),
  };
  const { reply } = bench.run((shard, nowMs) => leave(shard, request, nowMs));
  if (reply instanceof Promise) throw new Error("a departure waits");
  return (reply.members ?? []).map(({ errorCode }) => errorCode);
}
