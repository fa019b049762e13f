/**
 * Requests of the classic protocol, sent to a group on the bench. Their bytes are gone once they have been handled, as
 * those of a frame are.
 */
import { heartbeat } from "../../../../../src/group/classic/heartbeat.ts";
import { joinGroup } from "../../../../../src/group/classic/join.ts";
import { leaveGroup } from "../../../../../src/group/classic/leave.ts";
import type { JoinGroupReply, SyncGroupReply } from "../../../../../src/group/classic/member.ts";
import { syncGroup } from "../../../../../src/group/classic/sync.ts";
import type { Requester } from "../../../../../src/group/environment.ts";
import { encode } from "../../../../../src/protocol/codec.ts";
import { ConsumerProtocolSubscription } from "../../../../../src/protocol/data/index.ts";
import { type ErrorName, errorName, KafkaError } from "../../../../../src/protocol/errors.ts";
import { Writer } from "../../../../../src/protocol/writer.ts";
import type { Answer, GroupBench } from "./bench.ts";

export interface JoinOptions {
  readonly groupId?: string;
  readonly memberId?: string;
  readonly groupInstanceId?: string | null;
  readonly clientId?: string;
  readonly version?: number;
  readonly protocolType?: string;
  readonly protocols?: Record<string, Uint8Array>;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

export const SESSION_MS = 10_000;
export const REBALANCE_MS = 60_000;

/** What a consumer says of itself when it joins. */
export function subscription(topics: readonly string[], version = 3): Buffer {
  const writer = new Writer(64);
  writer.int16(version);
  const bytes = encode(ConsumerProtocolSubscription, version, { topics: [...topics] });
  return Buffer.concat([writer.written(), bytes]);
}

export function requester(version: number, clientId = "client"): Requester {
  return { clientId, clientHost: "/127.0.0.1", apiVersion: version };
}

export function join(bench: GroupBench, options: JoinOptions = {}): Answer<JoinGroupReply> {
  const version = options.version ?? 9;
  const protocols = Object.entries(options.protocols ?? { range: subscription(["t"]) }).map(
    ([name, metadata]) => ({ name, metadata: Buffer.from(metadata) }),
  );
  const request = {
    groupId: options.groupId ?? "group",
    sessionTimeoutMs: options.sessionTimeoutMs ?? SESSION_MS,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? REBALANCE_MS,
    memberId: options.memberId ?? "",
    groupInstanceId: options.groupInstanceId ?? null,
    protocolType: options.protocolType ?? "consumer",
    protocols,
    reason: null,
  };
  const answer = bench.run((shard, nowMs) =>
    joinGroup(shard, request, requester(version, options.clientId), nowMs),
  );
  for (const { metadata } of protocols) metadata.fill(0xdd);
  return answer;
}

/** Joins with the member id that a first join is answered with, as clients do. */
export function joinWithId(
  bench: GroupBench,
  options: JoinOptions = {},
): { memberId: string; answer: Answer<JoinGroupReply> } {
  const { memberId } = replyOf(join(bench, options));
  return { memberId, answer: join(bench, { ...options, memberId }) };
}

export interface SyncOptions {
  readonly groupId?: string;
  readonly groupInstanceId?: string | null;
  readonly protocolType?: string | null;
  readonly protocolName?: string | null;
  readonly assignments?: Record<string, string>;
}

export function sync(
  bench: GroupBench,
  memberId: string,
  generationId: number,
  options: SyncOptions = {},
): Answer<SyncGroupReply> {
  const assignments = Object.entries(options.assignments ?? {}).map(([id, text]) => ({
    memberId: id,
    assignment: Buffer.from(text),
  }));
  const request = {
    groupId: options.groupId ?? "group",
    generationId,
    memberId,
    groupInstanceId: options.groupInstanceId ?? null,
    protocolType: options.protocolType === undefined ? "consumer" : options.protocolType,
    protocolName: options.protocolName === undefined ? "range" : options.protocolName,
    assignments,
  };
  const group = bench.group(request.groupId);
  const answer = bench.run((shard, nowMs) => syncGroup(shard, group, request, nowMs));
  for (const { assignment } of assignments) assignment.fill(0xdd);
  return answer;
}

/** The name of the error that a heartbeat is answered with, "NONE" for a member that is well. */
export function beat(
  bench: GroupBench,
  memberId: string,
  generationId: number,
  groupInstanceId: string | null = null,
): ErrorName {
  const request = { groupId: "group", generationId, memberId, groupInstanceId };
  const group = bench.group();
  try {
    return errorName(replyOf(bench.run((shard) => heartbeat(shard, group, request))).errorCode);
  } catch (error) {
    if (error instanceof KafkaError) return error.errorName;
    throw error;
  }
}

export interface Leaving {
  readonly memberId?: string;
  readonly groupInstanceId?: string | null;
}

/** The names of the errors that the members are answered with. */
export function leave(bench: GroupBench, ...leaving: Leaving[]): ErrorName[] {
  const members = leaving.map(({ memberId, groupInstanceId }) => ({
    memberId: memberId ?? "",
    groupInstanceId: groupInstanceId ?? null,
    reason: null,
  }));
  const request = { groupId: "group", memberId: "", members };
  const group = bench.group();
  const reply = replyOf(bench.run((shard, nowMs) => leaveGroup(shard, group, request, nowMs)));
  return (reply.members ?? []).map(({ errorCode }) => errorName(errorCode));
}

/** The reply, which must have come. */
export function replyOf<Reply>(answer: Answer<Reply>): Reply {
  if (answer.value === undefined) throw new Error("there is no reply yet");
  return answer.value;
}

export function errorOf(answer: Answer<{ errorCode: number }>): ErrorName {
  return errorName(replyOf(answer).errorCode);
}

/** A group of as many members in Stable, the first of which leads; each is assigned "part of" and its member id. */
export function stableGroup(
  bench: GroupBench,
  members: readonly JoinOptions[],
): { ids: string[]; generationId: number } {
  const joins = members.map((options) =>
    options.groupInstanceId === undefined ? joinWithId(bench, options).answer : join(bench, options),
  );
  bench.clock.advance(bench.config.groupInitialRebalanceDelayMs * (members.length + 1));
  const ids = joins.map((answer) => replyOf(answer).memberId);
  const { generationId } = bench.group();
  const assignments = Object.fromEntries(ids.map((id) => [id, `part of ${id}`]));
  for (const id of ids) sync(bench, id, generationId, { protocolName: null, assignments });
  return { ids, generationId };
}

/** The bytes of an assignment as text. */
export function assignmentOf(answer: Answer<SyncGroupReply>): string {
  return Buffer.from(replyOf(answer).assignment).toString();
}
