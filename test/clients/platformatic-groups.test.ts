import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";

let broker: BrokerProcess;
const options = () => ({ clientId: "test", bootstrapBrokers: [`127.0.0.1:${broker.port}`] });

beforeAll(async () => {
  const properties = {
    "group.consumer.heartbeat.interval.ms": 300,
    "group.consumer.min.heartbeat.interval.ms": 100,
  };
  broker = await startBroker({ properties });
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

async function produce(topic: string, from: number, to: number): Promise<void> {
  const producer = new Producer({ ...options(), serializers: stringSerializers });
  const messages = Array.from({ length: to - from }, (_, index) => ({
    topic,
    partition: (from + index) % 4,
    value: String(from + index),
  }));
  await producer.send({ messages });
  await producer.close();
}

for (const groupProtocol of ["classic", "consumer"] as const) {
  describe(`@platformatic/kafka with the ${groupProtocol} protocol`, () => {
    async function member(groupId: string, topic: string) {
      const consumer = new Consumer({
        ...options(),
        groupId,
        groupProtocol,
        deserializers: stringDeserializers,
        ...(groupProtocol === "classic"
          ? { sessionTimeout: 6000, heartbeatInterval: 200, rebalanceTimeout: 10_000 }
          : {}),
      });
      const stream = await consumer.consume({
        topics: [topic],
        mode: "committed",
        fallbackMode: "earliest",
        autocommit: true,
      });
      const values: string[] = [];
      stream.on("data", ({ value }) => values.push(value));
      return {
        values,
        partitions: () =>
          consumer.assignments?.find((assignment) => assignment.topic === topic)?.partitions ?? [],
        leave: async () => {
          await stream.close();
          await consumer.close();
        },
      };
    }

    test("members share a topic's partitions, and one goes on with what another has committed", async () => {
      const topic = `pf-${groupProtocol}`;
      const admin = new Admin(options());
      await admin.createTopics({ topics: [topic], partitions: 4, replicas: 1 });
      await admin.close();
      await produce(topic, 0, 100);
      const first = await member(topic, topic);
      await eventually(() => expect(first.values).toHaveLength(100));
      const second = await member(topic, topic);
      await eventually(() => {
        expect([...first.partitions(), ...second.partitions()].sort()).toEqual([0, 1, 2, 3]);
        expect(second.partitions()).toHaveLength(2);
      });
      await produce(topic, 100, 200);
      await eventually(() => expect(new Set([...first.values, ...second.values]).size).toBe(200));
      await first.leave();
      await eventually(() => expect(second.partitions()).toHaveLength(4));
      await produce(topic, 200, 220);
      await eventually(() => expect(new Set([...first.values, ...second.values]).size).toBe(220));
      await second.leave();
    }, 60_000);
  });
}
