/**
 * Traffic of every kind that leaves something on a disk, by a raw client, to whichever broker there is.
 */

import { ErrorCode, errorName } from "../../src/protocol/errors.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../src/protocol/messages/add-partitions-to-txn.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { DeleteRecordsRequest, DeleteRecordsResponse } from "../../src/protocol/messages/delete-records.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../src/protocol/messages/delete-topics.ts";
import { EndTxnRequest, EndTxnResponse } from "../../src/protocol/messages/end-txn.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../src/protocol/messages/find-coordinator.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../src/protocol/messages/init-producer-id.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../../src/protocol/messages/offset-commit.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../src/protocol/messages/offset-fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { CompressionType } from "../../src/records/compression/codec.ts";
import { digestPartition } from "./partition-digest.ts";
import type { RawClient } from "./raw-client.ts";

/** Whose traffic it is: its hop, so that what is written says where it comes from. */
interface Options {
  readonly client: Pick<RawClient, "request">;
  readonly hop: number;
}

interface Producer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Topics that are there from the first hop on. */
const lasting = [
  { name: "plain", partitions: 2, configs: { "segment.bytes": "1048576", "retention.ms": "-1" } },
  { name: "compacted", partitions: 1, configs: { "cleanup.policy": "compact" } },
  { name: "stamped", partitions: 1, configs: { "message.timestamp.type": "LogAppendTime" } },
  { name: "transactional", partitions: 2, configs: { "retention.ms": "-1" } },
] as const;
/** The group that commits offsets. */
export const TRAFFIC_GROUP = "traffic";
const TRANSACTIONAL_ID = "hopper";
const LARGE = 20_000;
const TRANSACTION_TIMEOUT_MS = 600_000;

/** What a client gets over by asking again: a broker that has just started, or topics that have just been made. */
const passing = new Set<number>([
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.CONCURRENT_TRANSACTIONS,
]);
const DEADLINE_MS = 20_000;

/** What lies in the topics, as consumers see it, and what the group has committed. */
export interface Contents {
  readonly partitions: Readonly<Record<string, unknown>>;
  readonly committed: readonly string[];
}

export class Traffic {
  private readonly client: Options["client"];
  private readonly hop: number;

  constructor({ client, hop }: Options) {
    this.client = client;
    this.hop = hop;
  }

  /** Writes something of everything. One transaction is left open, and one topic that the hop before made is deleted. */
  async run(): Promise<void> {
    if (this.hop === 1)
      for (const topic of lasting) await this.createTopic(topic.name, topic.partitions, topic.configs);
    await this.createTopic(`of-hop-${this.hop}`, 1, {});
    if (this.hop > 1) await this.deleteTopic(`of-hop-${this.hop - 1}`);
    await this.produceEverywhere();
    await this.transact();
    await this.commitOffsets();
    if (this.hop === 2) await this.deleteRecords("plain", 1, 5);
  }

  async contents(): Promise<Contents> {
    const partitions: Record<string, unknown> = {};
    const topics = [...lasting, { name: `of-hop-${this.hop}`, partitions: 1 }];
    for (const { name, partitions: count } of topics) {
      for (let index = 0; index < count; index++) {
        for (const isolation of ["read_uncommitted", "read_committed"] as const) {
          partitions[`${name}-${index} ${isolation}`] = await digestPartition(
            this.client,
            name,
            index,
            isolation,
          );
        }
      }
    }
    return { partitions, committed: await this.committedOffsets() };
  }

  private async createTopic(name: string, numPartitions: number, configs: object): Promise<void> {
    const topic = { name, numPartitions, replicationFactor: 1, assignments: [] };
    const listed = Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) }));
    await this.asked(
      [CreateTopicsRequest, CreateTopicsResponse, 6],
      { topics: [{ ...topic, configs: listed }], timeoutMs: 10_000, validateOnly: false },
      ({ topics }) => topics.map(({ errorCode }) => errorCode),
    );
  }

  private async deleteTopic(name: string): Promise<void> {
    await this.asked(
      [DeleteTopicsRequest, DeleteTopicsResponse, 5],
      { topicNames: [name], timeoutMs: 10_000 },
      ({ responses }) => responses.map(({ errorCode }) => errorCode),
    );
  }

  private async deleteRecords(name: string, partitionIndex: number, offset: number): Promise<void> {
    await this.asked(
      [DeleteRecordsRequest, DeleteRecordsResponse, 2],
      { topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 10_000 },
      ({ topics }) => topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
    );
  }

  private async produceEverywhere(): Promise<void> {
    const compressions = Object.values(CompressionType);
    const producer = await this.producer(null);
    let sequence = 0;
    for (let batch = 0; batch < 40; batch++) {
      const compression = compressions[batch % compressions.length] ?? CompressionType.none;
      await this.produce("plain", batch % 2, { compression }, 3, LARGE);
      await this.produce("compacted", 0, { compression, ...producer, baseSequence: sequence }, 5, 20);
      await this.produce("stamped", 0, {}, 1, 100);
      sequence += 5;
    }
    await this.produce(`of-hop-${this.hop}`, 0, {}, 10, 10);
  }

  /** Ends what the hop before left open, commits one transaction, aborts one, and leaves another open. */
  private async transact(): Promise<void> {
    await this.coordinator(TRANSACTIONAL_ID, 1);
    const producer = await this.producer(TRANSACTIONAL_ID);
    const sequences = [0, 0];
    for (const end of ["commit", "abort", "open"] as const) {
      await this.addPartitions(producer);
      for (const partition of [0, 1]) {
        const baseSequence = sequences[partition] ?? 0;
        sequences[partition] = baseSequence + 4;
        await this.produce(
          "transactional",
          partition,
          { ...producer, baseSequence, transactional: true },
          4,
          50,
        );
      }
      if (end !== "open") await this.endTransaction(producer, end === "commit");
    }
  }

  private async addPartitions({ producerId, producerEpoch }: Producer): Promise<void> {
    await this.asked(
      [AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 3],
      {
        transactions: [],
        v3AndBelowTransactionalId: TRANSACTIONAL_ID,
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: "transactional", partitions: [0, 1] }],
      },
      ({ resultsByTopicV3AndBelow: results }) =>
        results.flatMap(({ resultsByPartition }) =>
          resultsByPartition.map((each) => each.partitionErrorCode),
        ),
    );
  }

  private async endTransaction(producer: Producer, committed: boolean): Promise<void> {
    const body = { transactionalId: TRANSACTIONAL_ID, ...producer, committed };
    await this.asked([EndTxnRequest, EndTxnResponse, 3], body, ({ errorCode }) => [errorCode]);
  }

  private async producer(transactionalId: string | null): Promise<Producer> {
    const { producerId, producerEpoch } = await this.asked(
      [InitProducerIdRequest, InitProducerIdResponse, 4],
      { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS },
      ({ errorCode }) => [errorCode],
    );
    return { producerId, producerEpoch };
  }

  private async produce(
    topic: string,
    index: number,
    batch: Partial<Parameters<typeof buildBatch>[0]>,
    count: number,
    size: number,
  ): Promise<void> {
    const records = Array.from({ length: count }, (_, at) => ({
      timestamp: 1_700_000_000_000 + this.hop * 1_000_000 + at,
      key: Buffer.from(`key ${at} of ${topic}`),
      value: Buffer.from(`hop ${this.hop}, ${"some text ".repeat(Math.ceil(size / 10))}`),
      headers: [{ key: "hop", value: Buffer.from(String(this.hop)) }],
    }));
    const bytes = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records, ...batch });
    const transactionalId = batch.transactional ? TRANSACTIONAL_ID : null;
    const topicData = [{ name: topic, partitionData: [{ index, records: bytes }] }];
    await this.asked(
      [ProduceRequest, ProduceResponse, 9],
      { transactionalId, acks: -1, timeoutMs: 10_000, topicData },
      ({ responses }) =>
        responses.flatMap((each) => each.partitionResponses.map(({ errorCode }) => errorCode)),
    );
  }

  private async commitOffsets(): Promise<void> {
    await this.coordinator(TRAFFIC_GROUP, 0);
    const topics = lasting.map(({ name, partitions }) => ({
      name,
      partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
        partitionIndex,
        committedOffset: this.hop * 10 + partitionIndex,
        committedMetadata: `hop ${this.hop}`,
      })),
    }));
    await this.asked(
      [OffsetCommitRequest, OffsetCommitResponse, 7],
      { groupId: TRAFFIC_GROUP, memberId: "", topics },
      (answer) => answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
    );
  }

  private async committedOffsets(): Promise<string[]> {
    await this.coordinator(TRAFFIC_GROUP, 0);
    const { topics } = await this.asked(
      [OffsetFetchRequest, OffsetFetchResponse, 5],
      { groupId: TRAFFIC_GROUP, topics: null },
      (answer) => [
        answer.errorCode,
        ...answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
      ],
    );
    const lines = topics.flatMap(({ name, partitions }) =>
      partitions.map((each) => `${name}-${each.partitionIndex} ${each.committedOffset} ${each.metadata}`),
    );
    return lines.sort();
  }

  private async coordinator(key: string, keyType: number): Promise<void> {
    await this.asked(
      [FindCoordinatorRequest, FindCoordinatorResponse, 2],
      { key, keyType },
      ({ errorCode }) => [errorCode],
    );
  }

  /** Asks until there is an answer without an error that passes. Throws for any other error. */
  private async asked<Q extends Fields, R extends Fields>(
    [request, response, version]: readonly [Definition<Q>, Definition<R>, number],
    body: Encodable<Definition<Q>>,
    errorsOf: (answer: Decoded<Definition<R>>) => readonly number[],
  ): Promise<Decoded<Definition<R>>> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const answer = await this.client.request(request, response, version, body);
      const error = errorsOf(answer).find((code) => code !== ErrorCode.NONE);
      if (error === undefined) return answer;
      if (!passing.has(error) || Date.now() > deadline) {
        throw new Error(`hop ${this.hop}: ${request.name} is answered with ${errorName(error)}`);
      }
      await Bun.sleep(50);
    }
  }
}
