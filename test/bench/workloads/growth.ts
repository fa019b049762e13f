/**
 * Whether a byte costs more when there are more partitions or connections: the same load over 1, 10, 100 and 1,000.
 */
import type { BenchBroker } from "../brokers/broker.ts";
import { readyBatch } from "../load/batches.ts";
import { fetchAll } from "../load/fetch-load.ts";
import { produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { createTopic, deleteTopic } from "../load/topics.ts";
import { type LoadWorkload, perGib, type Sample, withCpu } from "../workload.ts";

const MIB = 1024 ** 2;
const COUNTS = [1, 10, 100, 1000];
const BATCH = { recordBytes: 1024, records: 63 };

interface Spread {
  readonly partitions: number;
  readonly connections: number;
}

/** CPU seconds per GiB of producing, and of fetching the same. */
async function costs(
  broker: BenchBroker,
  { partitions, connections }: Spread,
  bytes: number,
): Promise<{ produced: number; fetched: number }> {
  const topic = await createTopic(broker.port, partitions);
  const batch = readyBatch(BATCH);
  const frames = Array.from({ length: partitions }, (_, partition) =>
    produceFrame(topic.id, 1, [{ partition, batch }]),
  );
  const requests = Math.ceil(bytes / batch.length / partitions) * partitions;
  const load = { port: broker.port, frames, connections, inFlight: connections > 100 ? 1 : 5, requests };
  // The first batch of a partition makes its files: that is measured elsewhere.
  await produce({ ...load, connections: 1, requests: partitions });
  const producing = await withCpu(broker, () => produce(load));
  const fetching = await withCpu(broker, () => fetchAll(broker.port, topic, bytes));
  await deleteTopic(broker, topic);
  return {
    produced: perGib(producing.brokerCpu, producing.result.bytes),
    fetched: perGib(fetching.brokerCpu, fetching.result.bytes),
  };
}

function workload(name: string, what: string, spreads: readonly Spread[], count: keyof Spread): LoadWorkload {
  return {
    name,
    what,
    metrics: spreads.flatMap((spread) => [
      { name: `produce, ${spread[count]}`, unit: "s/GiB" },
      { name: `fetch, ${spread[count]}`, unit: "s/GiB" },
    ]),
    async run(broker, { scale }) {
      const sample: Record<string, number> = {};
      for (const spread of spreads) {
        const { produced, fetched } = await costs(broker, spread, 256 * MIB * scale);
        sample[`produce, ${spread[count]}`] = produced;
        sample[`fetch, ${spread[count]}`] = fetched;
      }
      return sample satisfies Sample;
    },
  };
}

export const growthWorkloads: readonly LoadWorkload[] = [
  workload(
    "growth-partitions",
    "64 KiB batches into, and out of, so many partitions",
    COUNTS.map((partitions) => ({ partitions, connections: 4 })),
    "partitions",
  ),
  workload(
    "growth-connections",
    "64 KiB batches over so many connections, and fetched over one",
    COUNTS.map((connections) => ({ partitions: 4, connections })),
    "connections",
  ),
];
