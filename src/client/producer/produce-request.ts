/**
 * One produce request: batches of several partitions to their leader, and what the answer says of each.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../protocol/messages/produce.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { ZERO_UUID } from "../../protocol/uuid.ts";
import type { BatchEnd } from "../../records/batch-writer.ts";
import type { BrokerConnection } from "../broker-connection.ts";
import { serverError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { byTopic, type TopicInfo } from "../topics.ts";
import type { ProducerBatch } from "./batch.ts";
import type { ProducerConfig } from "./config.ts";
import type { ProducerIdentity } from "./identity.ts";
import type { PartitionQueue } from "./partition-queue.ts";

/** From 12 on, records of a transaction add their partition to it by themselves, where the broker has KIP-890. */
const TRANSACTIONAL_VERSION = 11;
/** Records have a connection of their own: nothing waits behind them, and they behind nothing. */
const LANE = "produce";

export interface Addressed {
  readonly queue: PartitionQueue;
  readonly batch: ProducerBatch;
  readonly topic: TopicInfo;
}

type Answer = Decoded<typeof ProduceResponse>;

/** A connection for records. Waits for it as long as `default.api.timeout.ms`; rejects as `KafkaClient.retry` does. */
export function connectionForRecords(client: KafkaClient, node: number): Promise<BrokerConnection> {
  return client.retry(() => client.connection({ node }, LANE));
}

/**
 * Sends the batches, at once, and resolves to what the broker says of each: null where it is in the log. Rejects with a
 * NetworkError or an UnsupportedVersionError.
 */
export async function produce(
  connection: BrokerConnection,
  config: ProducerConfig,
  identity: ProducerIdentity | null,
  batches: readonly Addressed[],
): Promise<(Error | null)[]> {
  const body = bodyOf(config, identity, batches);
  if (config.acks === 0) {
    await connection.post(ProduceRequest, body);
    return batches.map(() => null);
  }
  const answer = await connection.send(ProduceRequest, ProduceResponse, body, {
    timeoutMs: config.requestTimeoutMs,
    ...(config.transactionalId === null ? {} : { maxVersion: TRANSACTIONAL_VERSION }),
  });
  return resultsOf(answer, batches);
}

function bodyOf(config: ProducerConfig, identity: ProducerIdentity | null, batches: readonly Addressed[]) {
  return {
    transactionalId: config.transactionalId,
    acks: config.acks,
    timeoutMs: config.requestTimeoutMs,
    topicData: byTopic(batches.map((one) => ({ ...one, topic: one.topic.name, id: one.topic.id }))).map(
      ([name, ofTopic]) => ({
        name,
        topicId: ofTopic[0]?.id ?? ZERO_UUID,
        partitionData: ofTopic.map(({ queue, batch }) => ({
          index: queue.partition,
          records: batch.writer.finish(batchEnd(config, identity, batch)),
        })),
      }),
    ),
  };
}

function batchEnd(
  config: ProducerConfig,
  identity: ProducerIdentity | null,
  { sequence }: ProducerBatch,
): BatchEnd {
  return {
    ...(identity ?? {}),
    ...(sequence === null ? {} : { baseSequence: sequence }),
    transactional: config.transactionalId !== null,
    compression: config.compression,
    compressionLevel: config.compressionLevel,
  };
}

function resultsOf(answer: Answer, batches: readonly Addressed[]): (Error | null)[] {
  return batches.map(({ queue, topic }) => {
    const partition = answer.responses
      .filter(({ name, topicId }) => name === topic.name || (name === "" && topicId === topic.id))
      .flatMap(({ partitionResponses }) => partitionResponses)
      .find(({ index }) => index === queue.partition);
    if (partition === undefined) return serverError(ErrorCode.UNKNOWN_SERVER_ERROR);
    // It had come before, and only the answer was lost.
    if (partition.errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) return null;
    const [record] = partition.recordErrors;
    return serverError(partition.errorCode, partition.errorMessage ?? record?.batchIndexErrorMessage);
  });
}
