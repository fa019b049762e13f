/**
 * The requests of a transactional client, and the errors they come back with.
 */
import { addOffsetsToTxn } from "../../../../src/api/add-offsets-to-txn.ts";
import { addPartitionsToTxn } from "../../../../src/api/add-partitions-to-txn.ts";
import { endTxn } from "../../../../src/api/end-txn.ts";
import { initProducerId } from "../../../../src/api/init-producer-id.ts";
import { offsetFetch } from "../../../../src/api/offset-fetch.ts";
import { produce } from "../../../../src/api/produce/produce.ts";
import { txnOffsetCommit } from "../../../../src/api/txn-offset-commit.ts";
import { type ErrorName, errorName } from "../../../../src/protocol/errors.ts";
import * as addOffsets from "../../../../src/protocol/messages/add-offsets-to-txn.ts";
import * as addPartitions from "../../../../src/protocol/messages/add-partitions-to-txn.ts";
import * as end from "../../../../src/protocol/messages/end-txn.ts";
import * as init from "../../../../src/protocol/messages/init-producer-id.ts";
import * as fetchOffsets from "../../../../src/protocol/messages/offset-fetch.ts";
import * as produced from "../../../../src/protocol/messages/produce.ts";
import * as commitOffsets from "../../../../src/protocol/messages/txn-offset-commit.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import type { ProducerIdAndEpoch } from "../../../../src/transaction/transaction.ts";
import { batchOf } from "../../../support/batches.ts";
import type { SimulatedBroker } from "./broker.ts";

export const GROUP = "g";
const NO_PRODUCER = { producerId: -1n, producerEpoch: -1 };

/** Who asks: a transactional id, the producer's id and epoch, and whether it speaks `transaction.version` 2. */
export interface Asker {
  readonly transactionalId: string;
  readonly producer: ProducerIdAndEpoch;
  readonly bumps: boolean;
}

export async function askInit(broker: SimulatedBroker, { transactionalId }: Asker) {
  const answer = await broker.ask(
    initProducerId,
    [init.InitProducerIdRequest, init.InitProducerIdResponse],
    5,
    { transactionalId, transactionTimeoutMs: 60_000, ...NO_PRODUCER },
  );
  return { error: nameOf(answer.errorCode), producer: answer as ProducerIdAndEpoch };
}

export async function askAdd(
  broker: SimulatedBroker,
  { transactionalId, producer }: Asker,
  partition: number,
) {
  const answer = await broker.ask(
    addPartitionsToTxn,
    [addPartitions.AddPartitionsToTxnRequest, addPartitions.AddPartitionsToTxnResponse],
    3,
    {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: "t", partitions: [partition] }],
    },
  );
  return nameOf(answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1);
}

/** A value to be produced. */
export interface Write {
  readonly value: string;
  readonly partition: number;
  readonly sequence: number;
}

export async function askProduce(
  broker: SimulatedBroker,
  { transactionalId, producer, bumps }: Asker,
  { value, partition, sequence }: Write,
) {
  const records = batchOf([value], { ...producer, baseSequence: sequence, transactional: true });
  const answer = await broker.ask(
    produce,
    [produced.ProduceRequest, produced.ProduceResponse],
    bumps ? 12 : 11,
    {
      transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ topicId: ZERO_UUID, name: "t", partitionData: [{ index: partition, records }] }],
    },
  );
  return nameOf(answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1);
}

export async function askAddOffsets(broker: SimulatedBroker, { transactionalId, producer }: Asker) {
  const answer = await broker.ask(
    addOffsetsToTxn,
    [addOffsets.AddOffsetsToTxnRequest, addOffsets.AddOffsetsToTxnResponse],
    4,
    { transactionalId, ...producer, groupId: GROUP },
  );
  return nameOf(answer.errorCode);
}

export async function askCommitOffset(
  broker: SimulatedBroker,
  { transactionalId, producer, bumps }: Asker,
  partitionIndex: number,
  offset: number,
) {
  const partition = {
    partitionIndex,
    committedOffset: BigInt(offset),
    committedLeaderEpoch: -1,
    committedMetadata: "",
  };
  const answer = await broker.ask(
    txnOffsetCommit,
    [commitOffsets.TxnOffsetCommitRequest, commitOffsets.TxnOffsetCommitResponse],
    bumps ? 5 : 4,
    {
      transactionalId,
      groupId: GROUP,
      ...producer,
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      topics: [{ topicId: ZERO_UUID, name: "t", partitions: [partition] }],
    },
  );
  return nameOf(answer.topics[0]?.partitions[0]?.errorCode ?? -1);
}

export async function askEnd(broker: SimulatedBroker, asker: Asker, committed: boolean) {
  const { transactionalId, producer, bumps } = asker;
  const answer = await broker.ask(endTxn, [end.EndTxnRequest, end.EndTxnResponse], bumps ? 5 : 4, {
    transactionalId,
    ...producer,
    committed,
  });
  return { error: nameOf(answer.errorCode), producer: bumps ? (answer as ProducerIdAndEpoch) : producer };
}

/** The offsets that the group has committed, by partition; -1 for none. */
export async function askOffsets(broker: SimulatedBroker, partitions: number[]): Promise<number[]> {
  const answer = await broker.ask(
    offsetFetch,
    [fetchOffsets.OffsetFetchRequest, fetchOffsets.OffsetFetchResponse],
    9,
    {
      groups: [
        {
          groupId: GROUP,
          memberId: null,
          memberEpoch: -1,
          topics: [{ topicId: ZERO_UUID, name: "t", partitionIndexes: partitions }],
        },
      ],
      requireStable: true,
    },
  );
  return (answer.groups[0]?.topics[0]?.partitions ?? []).map(({ errorCode, committedOffset }) => {
    if (errorCode !== 0) throw new Error(`an offset can't be told: ${errorName(errorCode)}`);
    return Number(committedOffset);
  });
}

function nameOf(code: number): ErrorName | "NONE" {
  return code === 0 ? "NONE" : errorName(code);
}
