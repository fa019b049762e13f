/**
 * What a transactional client asks, in the version that a test wants, and what it makes of the answers.
 */
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../src/protocol/messages/add-offsets-to-txn.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../src/protocol/messages/add-partitions-to-txn.ts";
import { EndTxnRequest, EndTxnResponse } from "../../src/protocol/messages/end-txn.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../src/protocol/messages/init-producer-id.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../src/protocol/messages/offset-fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../src/protocol/messages/txn-offset-commit.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import type { ProducerIdAndEpoch } from "../../src/transaction/transaction.ts";
import { batchOf } from "./batches.ts";
import type { RawClient } from "./raw-client.ts";

/** Error codes by what they mean here. */
export const OK = 0;

/** Who answers: a broker in this process, or one behind a connection. */
export interface Asked {
  ask<Q extends Fields, R extends Fields>(
    apis: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
  ): Promise<Decoded<Definition<R>>>;
}

/** The broker behind a client's connection. */
export function askedThrough(client: Pick<RawClient, "request">): Asked {
  return { ask: ([request, response], version, body) => client.request(request, response, version, body) };
}

export class TransactionalClient<Broker extends Asked = Asked> {
  producer: ProducerIdAndEpoch = { producerId: -1n, producerEpoch: -1 };
  private sequences = new Map<string, number>();

  constructor(
    public broker: Broker,
    readonly transactionalId = "tx",
  ) {}

  /** InitProducerId; takes the id and epoch that it is given. Returns the error. */
  async init(version = 5, transactionTimeoutMs = 60_000): Promise<number> {
    const { transactionalId } = this;
    const answer = await this.broker.ask([InitProducerIdRequest, InitProducerIdResponse], version, {
      transactionalId,
      transactionTimeoutMs,
    });
    if (answer.errorCode === OK) this.goOnAs(answer);
    return answer.errorCode;
  }

  /** AddPartitionsToTxn; returns the errors of the partitions. */
  async add(partitions: number[], { topic = "t", version = 3 } = {}): Promise<number[]> {
    const answer = await this.broker.ask([AddPartitionsToTxnRequest, AddPartitionsToTxnResponse], version, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.producer.producerId,
      v3AndBelowProducerEpoch: this.producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    });
    return answer.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
    );
  }

  /** AddOffsetsToTxn; returns the error. */
  async addOffsets(groupId = "g", version = 4): Promise<number> {
    const answer = await this.broker.ask([AddOffsetsToTxnRequest, AddOffsetsToTxnResponse], version, {
      ...this.asked(),
      groupId,
    });
    return answer.errorCode;
  }

  /** Produces a value to a partition, within the transaction; returns the partition's answer. */
  async send(value: string, partition = 0, { topic = "t", version = 12 } = {}) {
    const key = `${topic}-${partition}`;
    const baseSequence = this.sequences.get(key) ?? 0;
    const records = batchOf([value], { ...this.producer, baseSequence, transactional: true });
    const answer = await this.broker.ask([ProduceRequest, ProduceResponse], version, {
      transactionalId: this.transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    });
    const [found] = answer.responses[0]?.partitionResponses ?? [];
    if (found === undefined) throw new Error("the answer has no partition");
    if (found.errorCode === OK) this.sequences.set(key, baseSequence + 1);
    return found;
  }

  /** TxnOffsetCommit of t-0; returns its error. */
  async commitOffset(offset: number, { groupId = "g", version = 5 } = {}): Promise<number> {
    const answer = await this.broker.ask([TxnOffsetCommitRequest, TxnOffsetCommitResponse], version, {
      ...this.asked(),
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      topics: [
        {
          name: "t",
          partitions: [
            { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: null },
          ],
        },
      ],
    });
    return answer.topics[0]?.partitions[0]?.errorCode ?? -2;
  }

  /** EndTxn; goes on as it is told. Returns the error. */
  async end(committed: boolean, version = 5): Promise<number> {
    const answer = await this.broker.ask([EndTxnRequest, EndTxnResponse], version, {
      ...this.asked(),
      committed,
    });
    if (answer.errorCode === OK && version >= 5) this.goOnAs(answer);
    return answer.errorCode;
  }

  /** The offset that a group has committed for t-0, or the error instead. */
  async committed(groupId = "g", requireStable = false): Promise<bigint | string> {
    const answer = await this.broker.ask([OffsetFetchRequest, OffsetFetchResponse], 9, {
      groups: [
        {
          groupId,
          memberId: null,
          memberEpoch: -1,
          topics: [{ name: "t", partitionIndexes: [0] }],
        },
      ],
      requireStable,
    });
    const partition = answer.groups[0]?.topics[0]?.partitions[0];
    if (partition === undefined) throw new Error("the answer has no partition");
    return partition.errorCode === OK ? partition.committedOffset : `error ${partition.errorCode}`;
  }

  private asked() {
    return { transactionalId: this.transactionalId, ...this.producer };
  }

  /** Sequences begin anew with every epoch. */
  private goOnAs({ producerId, producerEpoch }: ProducerIdAndEpoch): void {
    this.producer = { producerId, producerEpoch };
    this.sequences = new Map();
  }
}
