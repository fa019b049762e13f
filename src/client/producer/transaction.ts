/**
 * The transactions of one transactional id, one after the other. Partitions are added before the first record goes to
 * them, as clients did before KIP-890: every broker understands that.
 */
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../protocol/messages/add-partitions-to-txn.ts";
import { EndTxnRequest, EndTxnResponse } from "../../protocol/messages/end-txn.ts";
import { checkError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { byTopic, partitionName, type TopicPartition } from "../topics.ts";
import type { ProducerIdentity } from "./identity.ts";

/** From 4 on the request is for brokers, from 5 on EndTxn gives the producer a new epoch. */
const ADD_PARTITIONS_VERSION = 3;
const END_TRANSACTION_VERSION = 4;

export class Transaction {
  private readonly added = new Set<string>();

  constructor(
    private readonly client: KafkaClient,
    private readonly transactionalId: string,
    private readonly identity: ProducerIdentity,
  ) {}

  /** Those of the partitions that have to be added before records go to them. */
  missing(partitions: readonly TopicPartition[]): TopicPartition[] {
    return partitions.filter((partition) => !this.added.has(partitionName(partition)));
  }

  /** Adds partitions to the transaction. Rejects with a KafkaError and as `KafkaClient.retry` does. */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const { producerId, producerEpoch } = this.identity;
    await this.client.retry(async () => {
      const answer = await this.client.sendOnce(
        { transactionalId: this.transactionalId },
        AddPartitionsToTxnRequest,
        AddPartitionsToTxnResponse,
        {
          transactions: [],
          v3AndBelowTransactionalId: this.transactionalId,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: producerEpoch,
          v3AndBelowTopics: byTopic(partitions).map(([name, added]) => ({
            name,
            partitions: added.map(({ partition }) => partition),
          })),
        },
        { maxVersion: ADD_PARTITIONS_VERSION },
      );
      for (const { resultsByPartition } of answer.resultsByTopicV3AndBelow) {
        for (const { partitionErrorCode } of resultsByPartition) checkError(partitionErrorCode);
      }
    });
    for (const partition of partitions) this.added.add(partitionName(partition));
  }

  /** Ends the transaction; the next one begins with the next record. Rejects as `add` does. */
  async end(committed: boolean): Promise<void> {
    if (this.added.size === 0) return;
    const body = { transactionalId: this.transactionalId, ...this.identity, committed };
    await this.client.retry(async () => {
      const target = { transactionalId: this.transactionalId };
      const options = { maxVersion: END_TRANSACTION_VERSION };
      checkError(
        (await this.client.sendOnce(target, EndTxnRequest, EndTxnResponse, body, options)).errorCode,
      );
    });
    this.added.clear();
  }
}
