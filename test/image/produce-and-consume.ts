/**
 * A client that writes to a topic of its own and reads it again, as a member of a group.
 */
import { expect } from "bun:test";
import { Kafka, logLevel } from "kafkajs";
import { eventually } from "../support/eventually.ts";

/** Produces three records by way of a bootstrap server, and consumes them. Throws where they don't come back. */
export async function produceAndConsume(
  server: string,
  topic = `topic-${crypto.randomUUID()}`,
): Promise<void> {
  const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
  const values = ["one", "two", "three"];
  const producer = kafka.producer({ allowAutoTopicCreation: true });
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
  expect(await consume(server, topic, values.length)).toEqual(values);
}

/** The values of a topic, from its beginning on, so many at least. */
export async function consume(server: string, topic: string, count: number): Promise<string[]> {
  const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `group-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ""),
  });
  await eventually(() => {
    if (values.length < count) throw new Error(`${values.length} of ${count} records came`);
  });
  await consumer.disconnect();
  return values;
}
