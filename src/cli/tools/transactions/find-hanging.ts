/**
 * Finding transactions that hang: open on a partition, while their coordinator knows nothing of it.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { describeFromMetadata } from "../admin/topics.ts";
import {
  type ActiveProducer,
  describeProducers,
  describeTransaction,
  listTransactions,
  type TransactionDescription,
} from "../admin/transactions.ts";

const MINUTE_MS = 60_000;

export interface SearchScope {
  /** All topics when left out. */
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  /** Only partitions with a replica there, which is asked. */
  readonly broker: number | undefined;
}

export interface HangingTransaction extends ActiveProducer {
  /** Since the producer's last write. */
  readonly minutes: number;
}

/** The transactions that hang. Rejects with a KafkaError. */
export async function findHanging(
  client: KafkaClient,
  scope: SearchScope,
  silentMinutes: number,
): Promise<HangingTransaction[]> {
  const now = Date.now();
  const silentMs = (one: ActiveProducer) => now - Number(one.lastTimestamp);
  const producers: ActiveProducer[] = [];
  for (const { topic, partition } of await partitionsIn(client, scope)) {
    producers.push(...(await describeProducers(client, topic, partition, scope.broker)));
  }
  const candidates = producers.filter(
    (one) => one.transactionStartOffset !== null && silentMs(one) > silentMinutes * MINUTE_MS,
  );
  if (candidates.length === 0) return [];
  const known = await transactionsOf(client, candidates);
  return candidates
    .filter(({ topic, partition, producerId }) => {
      const partitions = known.get(producerId)?.partitions ?? [];
      return !partitions.some((one) => one.topic === topic && one.partition === partition);
    })
    .map((one) => ({ ...one, minutes: Math.floor(silentMs(one) / MINUTE_MS) }));
}

async function partitionsIn(client: KafkaClient, { topic, partition, broker }: SearchScope) {
  if (topic !== undefined && partition !== undefined) return [{ topic, partition }];
  const topics = await describeFromMetadata(client, topic === undefined ? null : [topic]);
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ replicas }) => broker === undefined || replicas.includes(broker))
      .map((one) => ({ topic: name, partition: one.partition })),
  );
}

/** What the coordinators know of the producers, by the producers' ids. */
async function transactionsOf(
  client: KafkaClient,
  producers: readonly ActiveProducer[],
): Promise<Map<bigint, TransactionDescription>> {
  const producerIds = [...new Set(producers.map(({ producerId }) => producerId))];
  const listings = await listTransactions(client, { producerIds });
  const descriptions = new Map<bigint, TransactionDescription>();
  for (const { transactionalId, producerId } of listings) {
    try {
      descriptions.set(producerId, await describeTransaction(client, transactionalId));
    } catch (error) {
      if (error instanceof KafkaError && error.errorName === "TRANSACTIONAL_ID_NOT_FOUND") continue;
      throw error;
    }
  }
  return descriptions;
}
