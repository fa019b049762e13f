/**
 * Appends what a produce request has for one partition, and says how it went.
 */
import type { AppendResult } from "../../log/append.ts";
import type { PartitionLog } from "../../log/partition-log.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { RequestContext } from "../context.ts";
import type { Replica } from "../replicas.ts";
import { topicConfig } from "../topic-config.ts";
import { checkedRecords } from "./checks.ts";
import { failedPartition } from "./failed-partition.ts";
import { ALL_ACKS, type RequestedPartition, type RequestedTopic, type ResponsePartition } from "./types.ts";

const FIRST_VERSION_WITH_TOPIC_IDS = 13;

/** What became of the records for one partition. */
export interface Appended {
  readonly response: ResponsePartition;
  /** Where the flush policy wants records flushed before they are acknowledged: the answer to give then. */
  readonly flushed: Promise<ResponsePartition> | null;
}

/** Appends a partition's records. What goes wrong becomes its answer. */
export function appendTo(
  topic: RequestedTopic,
  { index, records }: RequestedPartition,
  acks: number,
  context: RequestContext,
): Appended {
  let log: PartitionLog | undefined;
  const failed = (error: unknown) => failedPartition(topic, index, error, log?.logStartOffset, context);
  try {
    const replica = findReplica(topic, index, context);
    const batch = checkedRecords(records, acks, replica.topic.name, context);
    log = replica.log;
    checkReplicasInSync(replica, acks, context);
    const appended = log.append(batch, { leaderEpoch: replica.partition.leaderEpoch, origin: "client" });
    const response = success(index, appended);
    return { response, flushed: appended.flushed?.then(() => response, failed) ?? null };
  } catch (error) {
    return { response: failed(error), flushed: null };
  }
}

function findReplica(topic: RequestedTopic, index: number, { apiVersion, broker }: RequestContext): Replica {
  const { replicas } = broker;
  const byId = apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS;
  return replicas.leader(byId ? replicas.topicById(topic.topicId) : replicas.topicByName(topic.name), index);
}

/**
 * Only this broker can be in sync, whatever the metadata of a larger cluster says. As in Kafka, a topic can't demand
 * more replicas in sync than it has.
 */
function checkReplicasInSync({ topic, partition }: Replica, acks: number, { broker }: RequestContext): void {
  const { length } = partition.replicas;
  if (acks !== ALL_ACKS || length === 1) return;
  const needed = Math.min(topicConfig(topic.name, broker).minInsyncReplicas, length);
  if (needed <= 1) return;
  throw new KafkaError(
    "NOT_ENOUGH_REPLICAS",
    `1 replica of ${topic.name}-${partition.index} is in sync, and min.insync.replicas demands ${needed}.`,
  );
}

function success(
  index: number,
  { firstOffset, logAppendTimeMs, logStartOffset }: AppendResult,
): ResponsePartition {
  return { index, errorCode: ErrorCode.NONE, baseOffset: firstOffset, logAppendTimeMs, logStartOffset };
}
