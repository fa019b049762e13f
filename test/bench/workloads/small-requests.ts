/**
 * Many small requests: at a steady rate over many connections, and each made durable before its answer.
 */
import { readyBatch } from "../load/batches.ts";
import { sendPaced } from "../load/paced-load.ts";
import { produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { createTopic, deleteTopic } from "../load/topics.ts";
import { percentile } from "../statistics.ts";
import { type LoadWorkload, withCpu } from "../workload.ts";

const CONNECTIONS = 200;
const PER_SECOND = 2000;

const connections: LoadWorkload = {
  name: "connections-200",
  what: `${PER_SECOND} requests a second with a record of 100 B each, over ${CONNECTIONS} connections`,
  metrics: [
    { name: "broker CPU", unit: "% of a core", atMost: 0.3 },
    { name: "p50", unit: "ms" },
    { name: "p99", unit: "ms", atMost: 0.6 },
  ],
  async run(broker, { scale }) {
    const topic = await createTopic(broker.port, 10);
    const batch = readyBatch({ recordBytes: 100, records: 1 });
    const frames = Array.from({ length: CONNECTIONS }, (_, index) =>
      produceFrame(topic.id, 1, [{ partition: index % topic.partitions, batch }]),
    );
    const load = { port: broker.port, frames, perSecond: PER_SECOND, seconds: Math.max(1, 3 * scale) };
    const { result, brokerCpu, seconds } = await withCpu(broker, () => sendPaced(load));
    await deleteTopic(broker, topic);
    return {
      "broker CPU": (brokerCpu / seconds) * 100,
      p50: percentile(result, 0.5),
      p99: percentile(result, 0.99),
    };
  },
};

const durable: LoadWorkload = {
  name: "durable",
  what: "flush.messages=1: 64 connections, each with a record of 1 KiB under way",
  metrics: [
    { name: "acknowledged", unit: "1/s", atLeast: 5 },
    { name: "p50", unit: "ms" },
    { name: "p99", unit: "ms" },
    { name: "broker CPU", unit: "ms/1000 acks" },
  ],
  async run(broker, { scale }) {
    const topic = await createTopic(broker.port, 1, { "flush.messages": "1" });
    const frames = [
      produceFrame(topic.id, 1, [{ partition: 0, batch: readyBatch({ recordBytes: 1024, records: 1 }) }]),
    ];
    // As much as each of them does in a few seconds: they differ by more than a factor of ten.
    const requests = Math.ceil((broker.name === "Houska" ? 10_000 : 600) * scale);
    const load = { port: broker.port, frames, connections: 64, inFlight: 1, requests };
    const { result, brokerCpu } = await withCpu(broker, () => produce(load));
    await deleteTopic(broker, topic);
    return {
      acknowledged: requests / result.seconds,
      p50: percentile(result.latenciesMs, 0.5),
      p99: percentile(result.latenciesMs, 0.99),
      "broker CPU": (brokerCpu * 1e6) / requests,
    };
  },
};

const newPartitions: LoadWorkload = {
  name: "new-partitions",
  what: "a new topic of 200 partitions and the first record into each, a request each, 5 under way",
  metrics: [
    { name: "time", unit: "ms", atMost: 1 / 50 },
    { name: "broker CPU", unit: "ms" },
  ],
  async run(broker) {
    const batch = readyBatch({ recordBytes: 100, records: 1 });
    const { result, seconds, brokerCpu } = await withCpu(broker, async () => {
      const topic = await createTopic(broker.port, 200);
      const frames = Array.from({ length: topic.partitions }, (_, partition) =>
        produceFrame(topic.id, 1, [{ partition, batch }]),
      );
      await produce({ port: broker.port, frames, connections: 1, inFlight: 5, requests: frames.length });
      return topic;
    });
    await deleteTopic(broker, result);
    return { time: seconds * 1000, "broker CPU": brokerCpu * 1000 };
  },
};

export const smallRequestWorkloads: readonly LoadWorkload[] = [connections, durable, newPartitions];
