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
import { upTo } from "../definitions.ts";
import type { ProducerIdentity } from "./identity.ts";

/** From 4 on the request is for brokers, from 5 on EndTxn gives the producer a new epoch. */
const AddPartitions = upTo(AddPartitionsToTxnRequest, 3);
const EndTransaction = upTo(EndTxnRequest, 4);

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export class Transaction {
  private readonly added = new Set<string>();

  constructor(
    private readonly client: KafkaClient,
    private readonly transactionalId: string,
    private readonly identity: ProducerIdentity,
  ) {}

  /** Those of the partitions that have to be added before records go to them. */
  missing(partitions: readonly TopicPartition[]): TopicPartition[] {
    return partitions.filter((partition) => !this.added.has(nameOf(partition)));
  }

  /** Adds partitions to the transaction. Rejects with a KafkaError and as `KafkaClient.retry` does. */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const { producerId, producerEpoch } = this.identity;
    await this.client.retry(async () => {
      const answer = await this.client.sendOnce(
        { transactionalId: this.transactionalId },
        AddPartitions,
        AddPartitionsToTxnResponse,
        {
          transactions: [],
          v3AndBelowTransactionalId: this.transactionalId,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: producerEpoch,
          v3AndBelowTopics: partitions.map(({ topic, partition }) => ({
            name: topic,
            partitions: [partition],
          })),
        },
      );
      for (const { resultsByPartition } of answer.resultsByTopicV3AndBelow) {
        for (const { partitionErrorCode } of resultsByPartition) checkError(partitionErrorCode);
      }
    });
    for (const partition of partitions) this.added.add(nameOf(partition));
  }

  /** Ends the transaction; the next one begins with the next record. Rejects as `add` does. */
  async end(committed: boolean): Promise<void> {
    if (this.added.size === 0) return;
    const body = { transactionalId: this.transactionalId, ...this.identity, committed };
    await this.client.retry(async () => {
      const target = { transactionalId: this.transactionalId };
      checkError((await this.client.sendOnce(target, EndTransaction, EndTxnResponse, body)).errorCode);
    });
    this.added.clear();
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
