/**
 * Appends what a produce request has for one partition, and says how it went.
 */
import type { AppendResult } from "../../log/append.ts";
import type { PartitionLog } from "../../log/partition-log.ts";
import type { Verified } from "../../log/verification.ts";
import type { TopicCounters } from "../../observe/metrics/topic-traffic.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { RequestContext } from "../context.ts";
import { expectedProduceErrors } from "../expected-errors.ts";
import type { Replica } from "../replicas.ts";
import { topicConfig } from "../topic-config.ts";
import { checkedRecords } from "./checks.ts";
import { failedPartition } from "./failed-partition.ts";
import { findReplica } from "./replica.ts";
import { ALL_ACKS, type RequestedPartition, type RequestedTopic, type ResponsePartition } from "./types.ts";

const tooLarge: ReadonlySet<number> = new Set([ErrorCode.MESSAGE_TOO_LARGE, ErrorCode.RECORD_LIST_TOO_LARGE]);

/** What became of the records for one partition. */
export interface Appended {
  readonly response: ResponsePartition;
  /** Where the flush policy wants records flushed before they are acknowledged: the answer to give then. */
  readonly flushed: Promise<ResponsePartition> | null;
}

/**
 * Appends a partition's records. What goes wrong becomes its answer.
 *
 * @param verdict what is known of the records' transaction; undefined where it needn't be known
 */
export function appendTo(
  topic: RequestedTopic,
  { index, records }: RequestedPartition,
  acks: number,
  verdict: Verified | KafkaError | undefined,
  context: RequestContext,
): Appended {
  let log: PartitionLog | undefined;
  let counters: TopicCounters | undefined;
  const failed = (error: unknown) => failedPartition(topic, index, error, log?.logStartOffset, context);
  try {
    if (verdict instanceof KafkaError) throw verdict;
    const replica = findReplica(topic, index, context);
    counters = context.broker.metrics.topics.of(replica.topic.name);
    const batch = checkedRecords(records, acks, replica.topic.name, context);
    log = replica.log;
    checkReplicasInSync(replica, acks, context);
    const { leaderEpoch } = replica.partition;
    const appended = log.append(batch, { leaderEpoch, origin: "client", verified: verdict });
    countAppended(counters, batch, appended);
    const response = success(index, appended);
    return { response, flushed: appended.flushed?.then(() => response, failed) ?? null };
  } catch (error) {
    const response = failed(error);
    countRefused(counters ?? context.broker.metrics.topics.others, records, response.errorCode);
    return { response, flushed: null };
  }
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

function countAppended(
  counters: TopicCounters,
  batch: Buffer,
  { firstOffset, lastOffset, duplicate }: AppendResult,
): void {
  counters.produceRequests++;
  if (duplicate) return;
  counters.bytesIn += batch.length;
  counters.messagesIn += lastOffset - firstOffset + 1;
}

function countRefused(counters: TopicCounters, records: Buffer | null, errorCode: number): void {
  counters.produceRequests++;
  if (!expectedProduceErrors.has(errorCode)) counters.failedProduceRequests++;
  if (tooLarge.has(errorCode)) counters.bytesRejected += records?.length ?? 0;
}

function success(
  index: number,
  { firstOffset, logAppendTimeMs, logStartOffset }: AppendResult,
): ResponsePartition {
  return { index, errorCode: ErrorCode.NONE, baseOffset: firstOffset, logAppendTimeMs, logStartOffset };
}
