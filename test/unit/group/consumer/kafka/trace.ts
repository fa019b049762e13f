/**
 * What happened to a group in Apache Kafka, step by step, and the same steps here.
 */
import { expect } from "bun:test";
import type { Outcome } from "../../../../../src/coordinator/outcome.ts";
import { beat, join, leave, sync } from "../../../../../src/group/classic-requests.ts";
import { describeConsumerGroup } from "../../../../../src/group/consumer/describe.ts";
import { consumerGroupHeartbeat } from "../../../../../src/group/consumer/heartbeat.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import { decode, encode } from "../../../../../src/protocol/codec.ts";
import { ErrorCode, KafkaError } from "../../../../../src/protocol/errors.ts";
import { ConsumerGroupDescribeResponse } from "../../../../../src/protocol/messages/consumer-group-describe.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../../../src/protocol/messages/consumer-group-heartbeat.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../../../../src/protocol/messages/heartbeat.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../../../../src/protocol/messages/join-group.ts";
import { LeaveGroupRequest, LeaveGroupResponse } from "../../../../../src/protocol/messages/leave-group.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../../../../src/protocol/messages/sync-group.ts";
import type { Definition } from "../../../../../src/protocol/schema.ts";
import type { Uuid } from "../../../../../src/protocol/uuid.ts";
import { ConsumerBench } from "../support/bench.ts";
import { canonical, canonicalRecords, recordFromHex } from "./canonical.ts";

/** Name, id, partitions, and whether brokers have racks. */
type Topic = [string, Uuid, number, boolean];
type HexRecord = [string, string | null];

interface Topics {
  readonly version: number;
  readonly topics: Topic[];
}

interface Request {
  readonly op: "heartbeat" | "join" | "sync" | "beat" | "leave";
  readonly now: number;
  readonly v: number;
  readonly client: string;
  readonly request: string;
  /** A member id that Kafka made up. */
  readonly id?: Uuid;
  readonly reply?: string;
  readonly records?: HexRecord[];
  readonly error?: number;
  readonly message?: string | null;
}

interface Commit {
  readonly op: "commit";
  readonly now: number;
  readonly member: string;
  readonly instance: string | null;
  readonly epoch: number;
  readonly transactional: boolean;
  readonly v: number;
  readonly error: number;
  readonly topic: string;
  readonly topicId: Uuid;
  /** What becomes of partitions 0 to 3. */
  readonly partitions: number[];
  readonly fetchMember: string | null;
  readonly fetchEpoch: number;
  readonly fetchError: number;
}

export type Step =
  | Request
  | Commit
  | { readonly op: "timer"; readonly now: number; readonly records: HexRecord[] }
  | { readonly op: "replay"; readonly now: number; readonly records: HexRecord[] }
  | { readonly op: "describe"; readonly now: number; readonly reply: string }
  | ({ readonly op: "topics"; readonly now: number } & Topics)
  | { readonly op: "restart" | "now"; readonly now: number };

export interface Trace extends Topics {
  readonly policy: string;
  readonly interval: number;
  readonly max: number;
  readonly steps: Step[];
}

const REGEX_REFRESH_MS = 30_000;

const requests: Record<Request["op"], [Definition, Definition]> = {
  heartbeat: [ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse],
  join: [JoinGroupRequest, JoinGroupResponse],
  sync: [SyncGroupRequest, SyncGroupResponse],
  beat: [HeartbeatRequest, HeartbeatResponse],
  leave: [LeaveGroupRequest, LeaveGroupResponse],
};

/** Takes the same steps, and expects at each what Kafka did. */
export function follow(trace: Trace): void {
  const bench = new ConsumerBench();
  bench.config.groupConsumerMigrationPolicy = trace.policy;
  bench.config.groupConsumerMaxSize = trace.max;
  bench.config.groupConsumerRegexRefreshIntervalMs = REGEX_REFRESH_MS;
  bench.groupConfig.assignmentIntervalMs = trace.interval;
  setTopics(bench, trace);
  for (const [index, step] of trace.steps.entries()) {
    try {
      take(bench, step);
    } catch (error) {
      throw new Error(`step ${index}: ${step.op}`, { cause: error });
    }
  }
  expect(bench.complaints).toEqual([]);
}

function take(bench: ConsumerBench, step: Step): void {
  bench.clock.advance(step.now - bench.clock.now());
  if (step.op === "timer") {
    const write = bench.timerWrites.shift();
    expect(canonicalRecords(write?.records ?? [])).toEqual(canonicalRecords(step.records.map(recordFromHex)));
    expect(write?.atMs).toBe(step.now);
    return;
  }
  expect(bench.timerWrites).toEqual([]);
  switch (step.op) {
    case "topics":
      setTopics(bench, step);
      break;
    case "restart":
      bench.restart();
      break;
    case "replay":
      bench.run(() => ({ records: step.records.map(recordFromHex), reply: undefined }));
      break;
    case "describe":
      compareDescription(bench, step.reply);
      break;
    case "commit":
      compareCommit(bench, step);
      break;
    case "now":
      break;
    default:
      request(bench, step);
  }
}

function setTopics({ topics }: ConsumerBench, { version, topics: list }: Topics): void {
  topics.clear();
  for (const [name, id, partitionCount, hasRacks] of list) {
    topics.set(name, partitionCount, id, (partition) =>
      hasRacks ? [`rack-${partition % 3}`, `a${partition % 2}`] : [],
    );
  }
  topics.version = version;
}

function request(bench: ConsumerBench, step: Request): void {
  const [requestDefinition, responseDefinition] = requests[step.op];
  if (step.id !== undefined) bench.nextUuids.push(step.id);
  const bytes = Buffer.from(step.request, "hex");
  const decoded = decode(requestDefinition, step.v, bytes);
  const outcome = attempt(() =>
    bench.run<object | Promise<object>>((shard, nowMs) => run(shard, step, decoded, nowMs)),
  );
  // A frame's memory is used again.
  bytes.fill(0xdd);
  bench.nextUuids.length = 0;
  if (step.error !== undefined || outcome instanceof KafkaError) {
    const { code, message } = outcome instanceof KafkaError ? outcome : { code: 0, message: null };
    expect({ code, message: withoutIds(message) }).toEqual({
      code: step.error ?? 0,
      message: withoutIds(step.message ?? null),
    });
    return;
  }
  const reply = encode(responseDefinition, step.v, onWire(outcome.reply) as never);
  expect(canonical(decode(responseDefinition, step.v, reply))).toEqual(
    canonical(decode(responseDefinition, step.v, Buffer.from(step.reply ?? "", "hex"))),
  );
  expect(canonicalRecords(outcome.records)).toEqual(
    canonicalRecords((step.records ?? []).map(recordFromHex)),
  );
}

/** Ids that were made up for a member, and then for nothing. */
function withoutIds(message: string | null): string | null {
  return message?.replace(/\b[\w-]{22}'s/, "an id's") ?? null;
}

/** Nobody's protocol has the empty name before version 7, where null isn't known; Kafka isn't strict after it. */
function onWire(reply: object): object {
  return "protocolName" in reply && reply.protocolName === null ? { ...reply, protocolName: "" } : reply;
}

function run(
  shard: GroupShard,
  { op, v, client }: Request,
  decoded: object,
  nowMs: number,
): Outcome<GroupRecord, object> {
  const requester = { clientId: client, clientHost: "/127.0.0.1", apiVersion: v };
  switch (op) {
    case "heartbeat":
      return consumerGroupHeartbeat(shard, decoded as never, requester, nowMs);
    case "join":
      return join(shard, decoded as never, requester, nowMs);
    case "sync":
      return sync(shard, decoded as never, nowMs);
    case "beat":
      return beat(shard, decoded as never);
    case "leave":
      return leave(shard, decoded as never, nowMs);
  }
}

function compareDescription(bench: ConsumerBench, expected: string): void {
  const reply = {
    throttleTimeMs: 0,
    groups: [describeConsumerGroup(bench.shard, bench.group())],
  };
  const bytes = encode(ConsumerGroupDescribeResponse, 1, reply);
  expect(canonical(decode(ConsumerGroupDescribeResponse, 1, bytes))).toEqual(
    canonical(decode(ConsumerGroupDescribeResponse, 1, Buffer.from(expected, "hex"))),
  );
}

function compareCommit(bench: ConsumerBench, step: Commit): void {
  const group = bench.group();
  const validator = attempt(() =>
    group.validateOffsetCommit({
      memberId: step.member,
      groupInstanceId: step.instance,
      generationIdOrMemberEpoch: step.epoch,
      transactional: step.transactional,
      apiVersion: step.v,
    }),
  );
  expect(codeOf(validator)).toBe(step.error);
  const partitions = step.partitions.map((_, partition) =>
    typeof validator === "function"
      ? codeOf(attempt(() => validator(step.topic, step.topicId, partition)))
      : ErrorCode.NONE,
  );
  expect(partitions).toEqual(step.partitions);
  expect(codeOf(attempt(() => group.validateOffsetFetch(step.fetchMember, step.fetchEpoch)))).toBe(
    step.fetchError,
  );
}

function codeOf(result: unknown): number {
  return result instanceof KafkaError ? result.code : ErrorCode.NONE;
}

function attempt<T>(run: () => T): T | KafkaError {
  try {
    return run();
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}
