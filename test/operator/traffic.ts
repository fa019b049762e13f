/**
 * A little of everything that a broker counts: records in and out, a group that is behind, and a transaction.
 */
import { Kafka, logLevel } from "kafkajs";

export const TOPIC = "orders";
export const GROUP = "billing";
/** Records of the topic, and how many of them the group has committed. */
export const RECORDS = 5;
export const COMMITTED = 2;

/** Produces, commits and begins a transaction that stays open as long as the producer is connected. */
export async function makeTraffic(port: number): Promise<{ close(): Promise<void> }> {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    clientId: "operator",
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }] });
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: RECORDS }, (_, index) => ({ value: `order ${index}` }));
  await producer.send({ topic: TOPIC, messages });
  await producer.disconnect();
  await read(kafka);
  const transactional = kafka.producer({ transactionalId: "till", maxInFlightRequests: 1, idempotent: true });
  await transactional.connect();
  const transaction = await transactional.transaction();
  await transaction.send({ topic: "receipts", messages: [{ value: "open" }] });
  return {
    async close() {
      await transaction.abort();
      await transactional.disconnect();
      await admin.disconnect();
    },
  };
}

async function read(kafka: Kafka): Promise<void> {
  const consumer = kafka.consumer({ groupId: GROUP, maxWaitTimeInMs: 200 });
  const { promise: allSeen, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    async eachMessage() {
      if (++seen === RECORDS) resolve();
    },
  });
  await allSeen;
  await consumer.commitOffsets([{ topic: TOPIC, partition: 0, offset: String(COMMITTED) }]);
  await consumer.disconnect();
}
