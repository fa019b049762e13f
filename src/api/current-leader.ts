/**
 * Tells a client that came to the wrong broker, or with an old leader epoch, who leads the partition and where that
 * broker is (KIP-951), so that it needn't ask for metadata first.
 */
import { ErrorCode } from "../protocol/errors.ts";
import type { RequestContext } from "./context.ts";
import { type LiveBroker, liveBrokers } from "./live-brokers.ts";

/** A partition's leader as answers name it; -1 when nobody leads, or nobody knows. */
export interface CurrentLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** Whether an error says that the client is wrong about a partition's leader. */
export function isLeaderError(code: number): boolean {
  return code === ErrorCode.NOT_LEADER_OR_FOLLOWER || code === ErrorCode.FENCED_LEADER_EPOCH;
}

/** Who leads a partition. */
export function currentLeader(
  topicName: string | undefined,
  index: number,
  { broker }: RequestContext,
): CurrentLeader {
  const topic = topicName === undefined ? undefined : broker.metadata.image.topicByName(topicName);
  const partition = topic?.partitions[index];
  if (partition === undefined) return { leaderId: -1, leaderEpoch: -1 };
  return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch };
}

interface NamesLeader {
  readonly currentLeader?: { readonly leaderId?: number } | undefined;
}

/** Where the leaders that answers name are to be found, as far as they are alive. */
export function leaderEndpoints(answers: readonly NamesLeader[], context: RequestContext): LiveBroker[] {
  const named = answers.filter(({ currentLeader }) => currentLeader !== undefined);
  if (named.length === 0) return [];
  const leaders = new Set(named.map(({ currentLeader }) => currentLeader?.leaderId));
  return liveBrokers(context).filter(({ nodeId }) => leaders.has(nodeId));
}
