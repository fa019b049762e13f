/**
 * What one client does to others, and what clients hold that take nothing.
 */
import type { BenchBroker } from "../brokers/broker.ts";
import { readyBatch } from "../load/batches.ts";
import { LoadConnection } from "../load/connection.ts";
import { CONSUMER_SIZES } from "../load/fetch-load.ts";
import { sendPaced } from "../load/paced-load.ts";
import { produce } from "../load/produce-load.ts";
import { fetchFrame, produceFrame } from "../load/requests.ts";
import { type BenchTopic, createTopic, deleteTopic } from "../load/topics.ts";
import { residentMib } from "../process-usage.ts";
import { percentile } from "../statistics.ts";
import type { LoadWorkload } from "../workload.ts";

const MIB = 1024 ** 2;
const LARGE_PER_SECOND = 400;
const SMALL_PER_SECOND = 200;
const STUCK_CONSUMERS = 20;
/** Fetches of each that are on their way, of 50 MiB each. */
const FETCHES_OF_EACH = 4;
const WATCHED_MS = 1000;

const fairness: LoadWorkload = {
  name: "fairness",
  what: `one connection produces 100 MiB/s in 256 KiB batches, another makes ${SMALL_PER_SECOND} small requests/s`,
  metrics: [
    { name: "small requests' p50", unit: "ms" },
    { name: "small requests' p99", unit: "ms", limit: 50 },
    { name: "large requests' p99", unit: "ms" },
  ],
  async run(broker, { scale }) {
    const topic = await createTopic(broker.port, 2);
    const seconds = Math.max(1, 2 * scale);
    const load = (partition: number, perSecond: number, recordBytes: number, records: number) => {
      const batch = readyBatch({ recordBytes, records });
      const frames = [produceFrame(topic.id, 1, [{ partition, batch }])];
      return sendPaced({ port: broker.port, frames, perSecond, seconds });
    };
    const [large, small] = await Promise.all([
      load(0, LARGE_PER_SECOND, 1024, 255),
      load(1, SMALL_PER_SECOND, 100, 1),
    ]);
    await deleteTopic(broker, topic);
    return {
      "small requests' p50": percentile(small, 0.5),
      "small requests' p99": percentile(small, 0.99),
      "large requests' p99": percentile(large, 0.99),
    };
  },
};

const stuckConsumers: LoadWorkload = {
  name: "stuck-consumers",
  what: `${STUCK_CONSUMERS} consumers that ask for ${FETCHES_OF_EACH} times 50 MiB each and never read`,
  metrics: [{ name: "memory per consumer", unit: "KiB", limit: 1024 }],
  async run(broker) {
    const topic = await createTopic(broker.port, 50);
    await fill(broker, topic);
    const before = residentMib(broker.pid);
    const consumers = await Promise.all(
      Array.from({ length: STUCK_CONSUMERS }, () => LoadConnection.connect(broker.port)),
    );
    const offsets = Array.from({ length: topic.partitions }, (_, partition) => [partition, 0] as const);
    for (const consumer of consumers) {
      consumer.stopReading();
      for (let count = 0; count < FETCHES_OF_EACH; count++)
        consumer.send(fetchFrame(topic.id, offsets, CONSUMER_SIZES));
    }
    const after = await highestMemory(broker);
    for (const consumer of consumers) consumer.close();
    await deleteTopic(broker, topic);
    return { "memory per consumer": (Math.max(0, after - before) * 1024) / STUCK_CONSUMERS };
  },
};

/** The most memory that the broker is seen to have during a while. */
async function highestMemory({ pid }: BenchBroker): Promise<number> {
  let highest = 0;
  for (const end = performance.now() + WATCHED_MS; performance.now() < end; await Bun.sleep(20)) {
    highest = Math.max(highest, residentMib(pid));
  }
  return highest;
}

/** Puts a mebibyte into each partition. */
async function fill({ port }: BenchBroker, topic: BenchTopic): Promise<void> {
  const batch = readyBatch({ recordBytes: 1024, records: 255 });
  const frames = Array.from({ length: topic.partitions }, (_, partition) =>
    produceFrame(topic.id, 1, [{ partition, batch }]),
  );
  const requests = topic.partitions * Math.ceil(MIB / batch.length);
  await produce({ port, frames, connections: 1, inFlight: 5, requests });
}

export const fairnessWorkloads: readonly LoadWorkload[] = [fairness, stuckConsumers];
