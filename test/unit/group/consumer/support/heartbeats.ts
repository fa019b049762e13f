/**
 * Heartbeats, sent to a group on the bench.
 */
import { consumerGroupHeartbeat } from "../../../../../src/group/consumer/heartbeat.ts";
import type { HeartbeatReply, HeartbeatRequest } from "../../../../../src/group/consumer/validate.ts";
import { type ErrorName, errorName, KafkaError } from "../../../../../src/protocol/errors.ts";
import type { Uuid } from "../../../../../src/protocol/uuid.ts";
import type { ConsumerBench } from "./bench.ts";

export const GROUP = "group";
export const REBALANCE_MS = 10_000;

/** Partitions by topic, as tests write them. */
export type Partitions = Record<string, number[]>;

export type Heartbeat = Partial<Omit<HeartbeatRequest, "topicPartitions">> & { readonly owned?: Partitions };

/** A heartbeat that says nothing but what is given. */
export function beat(bench: ConsumerBench, given: Heartbeat, apiVersion = 1): HeartbeatReply {
  const { owned, ...fields } = given;
  const request: HeartbeatRequest = {
    groupId: GROUP,
    memberId: "",
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions:
      owned === undefined
        ? null
        : Object.entries(owned).map(([topicId, partitions]) => ({ topicId: topicId as Uuid, partitions })),
    ...fields,
  };
  const requester = { clientId: "client", clientHost: "/127.0.0.1", apiVersion };
  const { reply } = bench.run((shard, nowMs) => consumerGroupHeartbeat(shard, request, requester, nowMs));
  if (reply instanceof Promise) throw new Error("a heartbeat waits");
  return reply;
}

/** Joins with topics by name. */
export function join(
  bench: ConsumerBench,
  memberId: string,
  subscribedTopicNames: string[],
  more: Heartbeat = {},
): HeartbeatReply {
  return beat(bench, {
    memberId,
    rebalanceTimeoutMs: REBALANCE_MS,
    subscribedTopicNames,
    owned: {},
    ...more,
  });
}

/** What a reply tells its member to have; undefined where it says nothing of that. */
export function assigned({ assignment }: HeartbeatReply): Partitions | undefined {
  if (assignment == null) return undefined;
  return Object.fromEntries(
    assignment.topicPartitions.map(({ topicId, partitions }) => [
      topicId,
      partitions.toSorted((a, b) => a - b),
    ]),
  );
}

/** The name of the error that something fails with. */
export function refusal(run: () => unknown): ErrorName | "NONE" {
  return fault(run)?.name ?? "NONE";
}

/** The error that something fails with, for clients. */
export function fault(run: () => unknown): { name: ErrorName; message: string } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof KafkaError) return { name: errorName(error.code), message: error.message };
    throw error;
  }
}
