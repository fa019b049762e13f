/**
 * Whether a broker that was opened after a power cut keeps every promise of the one before: what was acknowledged is
 * there, nothing is that was never asked for, and it goes on.
 */

import type { PartitionLog } from "../../../src/log/partition-log.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../src/protocol/messages/describe-configs.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../../src/protocol/messages/offset-fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import { consume } from "../../unit/log/support.ts";
import type { DiskBroker } from "../bit-flips/disk-broker.ts";
import type { Ledger, TopicLedger } from "./ledger.ts";
import { batchOf, GROUP } from "./workload.ts";

/** What is wrong, a sentence each. */
export async function judge(broker: DiskBroker, ledger: Ledger): Promise<string[]> {
  const complaints: string[] = [];
  const latest = new Map(ledger.topics.map((topic) => [topic.name, topic]));
  for (const topic of latest.values()) complaints.push(...(await judgeTopic(broker, topic, ledger)));
  for (const name of broker.metadata.image.topicNames()) {
    if (!latest.has(name) && !name.startsWith("__")) complaints.push(`nobody asked for the topic ${name}`);
  }
  complaints.push(...(await judgeCommit(broker, ledger)), ...(await judgeConfig(broker, ledger)));
  return complaints;
}

async function judgeTopic(broker: DiskBroker, topic: TopicLedger, ledger: Ledger): Promise<string[]> {
  const exists = broker.metadata.image.topicByName(topic.name) !== undefined;
  const before = ledger.topics.findLast((other) => other !== topic && other.name === topic.name);
  if (!exists) {
    const isMissing = topic.created === "acknowledged" && topic.deleted === "no";
    return isMissing ? [`the topic ${topic.name} is gone`] : [];
  }
  if (topic.deleted === "acknowledged") return [`the topic ${topic.name} is back`];
  const log = broker.logs.get(topic.name, 0);
  const complaints = log ? judgeRecords(log, topic, before) : judgeMissingLog(topic);
  const error = await produce(broker, topic.name);
  if (error !== 0) complaints.push(`${topic.name} answers to records with error ${error}`);
  return complaints;
}

function judgeMissingLog({ name, records }: TopicLedger): string[] {
  return records.some(({ offset }) => offset !== undefined) ? [`the log of ${name} is gone`] : [];
}

function judgeRecords(log: PartitionLog, topic: TopicLedger, before: TopicLedger | undefined): string[] {
  const { name, records, isCompacted } = topic;
  const complaints: string[] = [];
  const found = new Map(consume(log).map(({ offset, value }) => [offset, value?.toString().trim() ?? ""]));
  const sent = new Map(records.map((record) => [record.value, record]));
  for (const [offset, value] of found) {
    const record = sent.get(value);
    if (!record) complaints.push(`${name} has '${value}' at ${offset}, which nobody wrote there`);
    else if (record.offset !== undefined && record.offset !== offset) {
      complaints.push(`'${value}' of ${name} moved from ${record.offset} to ${offset}`);
    }
  }
  if (new Set(found.values()).size !== found.size) complaints.push(`${name} has records twice`);
  if (
    before &&
    [...found.values()].some((value) => before.records.some((record) => record.value === value))
  ) {
    complaints.push(`${name} has records of the topic it had the name of`);
  }
  const { logStartOffset } = log;
  if (logStartOffset < topic.acknowledgedStart) complaints.push(`deleted records of ${name} are back`);
  if (logStartOffset > topic.askedStart) complaints.push(`${name} begins at ${logStartOffset}`);
  for (const { key, value, offset } of records) {
    if (offset === undefined || offset < logStartOffset || found.has(offset)) continue;
    const isVoid = isCompacted && records.some((later) => later.key === key && (later.offset ?? -1) > offset);
    const mayBeVoid = isCompacted && records.some((later) => later.key === key && later.offset === undefined);
    if (!isVoid && !mayBeVoid) complaints.push(`'${value}', acknowledged at ${offset} of ${name}, is gone`);
  }
  return complaints;
}

async function judgeCommit(
  broker: DiskBroker,
  { askedCommit, acknowledgedCommit }: Ledger,
): Promise<string[]> {
  if (askedCommit < 0 || acknowledgedCommit < 0) return [];
  const { topics } = await broker.request(OffsetFetchRequest, OffsetFetchResponse, 7, {
    groupId: GROUP,
    topics: [{ name: "plain", partitionIndexes: [0] }],
    requireStable: false,
  });
  const committed = Number(topics[0]?.partitions[0]?.committedOffset ?? -2);
  return committed >= acknowledgedCommit && committed <= askedCommit
    ? []
    : [
        `the group has committed ${committed}: ${acknowledgedCommit} was acknowledged, ${askedCommit} asked for`,
      ];
}

async function judgeConfig(broker: DiskBroker, { topics, retentionMs }: Ledger): Promise<string[]> {
  if (topics[0]?.created !== "acknowledged") return [];
  const { results } = await broker.request(DescribeConfigsRequest, DescribeConfigsResponse, 4, {
    resources: [{ resourceType: 2, resourceName: "plain", configurationKeys: ["retention.ms"] }],
    includeSynonyms: false,
    includeDocumentation: false,
  });
  const value = results[0]?.configs[0]?.value ?? "none";
  return retentionMs.has(value) ? [] : [`retention.ms is ${value}, not ${[...retentionMs].join(" or ")}`];
}

async function produce(broker: DiskBroker, name: string): Promise<number> {
  const { responses } = await broker.request(ProduceRequest, ProduceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [
      { name, partitionData: [{ index: 0, records: batchOf([{ key: "after", value: "after" }]) }] },
    ],
  });
  return responses[0]?.partitionResponses[0]?.errorCode ?? -1;
}
