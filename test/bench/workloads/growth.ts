/**
 * Whether a byte, or a heartbeat, costs more when there is more of everything: the same load over more and more
 * partitions, connections, segments and groups. Houska alone: it is compared with itself.
 */
import type { BenchBroker } from "../brokers/broker.ts";
import { readyBatch } from "../load/batches.ts";
import { fetchAll } from "../load/fetch-load.ts";
import { connect, produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { type BenchTopic, createTopic } from "../load/topics.ts";
import { type LoadWorkload, perGib, withCpu } from "../workload.ts";
import { heartbeatGrowth } from "./groups.ts";

const MIB = 1024 ** 2;
const BYTES = 160 * MIB;
const BATCH = { recordBytes: 1024, records: 15 };
/** More than so many partitions are read by several consumers, one after the other. */
const PARTITIONS_OF_A_CONSUMER = 500;
const SETTLE_MS = 200;

/** Where the load lies, and what it goes over. */
interface Spread {
  readonly partitions: number;
  readonly connections: number;
  readonly segments: number;
}

const SMALL: Spread = { partitions: 4, connections: 4, segments: 1 };

/** The topics of each broker, which it keeps: to make 10,000 partitions takes longer than to fill them. */
const topics = new WeakMap<BenchBroker, Map<string, BenchTopic>>();

async function topicFor(broker: BenchBroker, { partitions, segments }: Spread): Promise<BenchTopic> {
  const known = topics.get(broker) ?? new Map<string, BenchTopic>();
  topics.set(broker, known);
  const key = `${partitions}/${segments}`;
  const configs = { "segment.bytes": String(segments > 1 ? Math.ceil(BYTES / segments) : 1024 * MIB) };
  const topic = known.get(key) ?? (await createTopic(broker.port, partitions, configs));
  known.set(key, topic);
  return topic;
}

/** CPU seconds per GiB of producing, and of fetching as much. */
async function costs(broker: BenchBroker, spread: Spread): Promise<{ produced: number; fetched: number }> {
  const topic = await topicFor(broker, spread);
  const { partitions } = topic;
  const batch = readyBatch(BATCH);
  const frames = Array.from({ length: partitions }, (_, partition) =>
    produceFrame(topic.id, 1, [{ partition, batch }]),
  );
  const rounds = Math.max(1, Math.round(BYTES / batch.length / partitions));
  const load = { port: broker.port, frames, inFlight: 5 };
  // The first batch of a partition makes its files: that is measured elsewhere. So are opening and closing connections.
  await produce({ ...load, connections: 1, requests: partitions });
  const connections = await connect(broker.port, spread.connections);
  const inFlight = spread.connections > 100 ? 1 : 5;
  const producing = await withCpu(broker, () =>
    produce({ ...load, inFlight, connections, requests: rounds * partitions }),
  );
  const fetching = await withCpu(broker, () => fetchInParts(broker.port, topic, rounds * batch.length));
  for (const connection of connections) connection.close();
  await Bun.sleep(SETTLE_MS);
  return {
    produced: perGib(producing.brokerCpu, producing.result.bytes),
    fetched: perGib(fetching.brokerCpu, fetching.result),
  };
}

/** Fetches all there is, `each` bytes in a partition; returns how many bytes that were. */
async function fetchInParts(port: number, topic: BenchTopic, each: number): Promise<number> {
  let fetched = 0;
  for (let first = 0; first < topic.partitions; first += PARTITIONS_OF_A_CONSUMER) {
    const count = Math.min(PARTITIONS_OF_A_CONSUMER, topic.partitions - first);
    const partitions = Array.from({ length: count }, (_, index) => first + index);
    fetched += (await fetchAll(port, topic, count * each, partitions)).bytes;
  }
  return fetched;
}

function workload(name: string, what: string, count: keyof Spread, counts: readonly number[]): LoadWorkload {
  const figures = ["produce", "fetch"] as const;
  return {
    name,
    what,
    rivals: [],
    most: 3,
    metrics: figures.flatMap((of) =>
      counts.map((at) => ({ name: `${of}, ${at}`, unit: "s/GiB", curve: { of, at } })),
    ),
    async run(broker) {
      const sample: Record<string, number> = {};
      for (const at of counts) {
        const { produced, fetched } = await costs(broker, { ...SMALL, [count]: at });
        sample[`produce, ${at}`] = produced;
        sample[`fetch, ${at}`] = fetched;
      }
      return sample;
    },
  };
}

export const growthWorkloads: readonly LoadWorkload[] = [
  workload(
    "growth-partitions",
    "16 KiB batches into, and out of, so many partitions",
    "partitions",
    [1, 10, 100, 1000, 10_000],
  ),
  workload(
    "growth-connections",
    "16 KiB batches over so many connections, and fetched over one",
    "connections",
    [1, 10, 100, 1000, 5000],
  ),
  workload("growth-segments", "16 KiB batches into, and out of, so many segments", "segments", [1, 10, 100]),
  heartbeatGrowth,
];
