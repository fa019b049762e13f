/**
 * Fetching what is there, from the start: warm, after the page cache has lost it, and from many partitions.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchBroker } from "../brokers/broker.ts";
import { readyBatch } from "../load/batches.ts";
import { fetchAll } from "../load/fetch-load.ts";
import { produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { type BenchTopic, createTopic, deleteTopic } from "../load/topics.ts";
import type { LoadWorkload } from "../workload.ts";
import { throughputMetrics, throughputOf } from "./throughput.ts";

const MIB = 1024 ** 2;

interface Shape {
  readonly partitions: number;
  readonly recordBytes: number;
  readonly records: number;
  readonly bytes: number;
  readonly cold: boolean;
  /** Whether it is done to kfake, too. */
  readonly withKfake?: boolean;
}

function workload(name: string, what: string, atMost: number, shape: Shape): LoadWorkload {
  return {
    name,
    what,
    metrics: throughputMetrics(atMost, shape.withKfake ? { atMostOfKfake: 1 } : {}),
    rivals: shape.withKfake ? ["Kafka", "kfake"] : ["Kafka"],
    async run(broker, { scale }) {
      const topic = await createTopic(broker.port, shape.partitions);
      const bytes = await fill(broker, topic, shape, shape.bytes * scale);
      if (shape.cold) await forget(broker, topic);
      const sample = await throughputOf(broker, () => fetchAll(broker.port, topic, bytes));
      await deleteTopic(broker, topic);
      return sample;
    },
  };
}

/** Fills the partitions evenly; returns how many bytes of records there are. */
async function fill({ port }: BenchBroker, topic: BenchTopic, shape: Shape, bytes: number): Promise<number> {
  const batch = readyBatch(shape);
  const frames = Array.from({ length: shape.partitions }, (_, partition) =>
    produceFrame(topic.id, 1, [{ partition, batch }]),
  );
  const rounds = Math.ceil(bytes / batch.length / frames.length);
  const requests = rounds * frames.length;
  await produce({ port, frames, connections: 1, inFlight: 5, requests });
  return requests * batch.length;
}

/** Has the system drop a topic's files from the page cache, after it has written them. */
async function forget({ logDirectory }: BenchBroker, { name }: BenchTopic): Promise<void> {
  const folders = readdirSync(logDirectory).filter((folder) => folder.startsWith(`${name}-`));
  for (const folder of folders) {
    for (const file of readdirSync(join(logDirectory, folder)).filter((entry) => entry.endsWith(".log"))) {
      const path = join(logDirectory, folder, file);
      await Bun.spawn(["dd", `if=${path}`, "iflag=nocache", "count=0", "status=none"], { stderr: "ignore" })
        .exited;
      await Bun.spawn(["sync", "--data", path]).exited;
      await Bun.spawn(["dd", `if=${path}`, "iflag=nocache", "count=0", "status=none"], { stderr: "ignore" })
        .exited;
    }
  }
}

const LARGE = { partitions: 1, recordBytes: 1024, records: 255, bytes: 384 * MIB };

export const fetchWorkloads: readonly LoadWorkload[] = [
  workload("fetch-1k", "1 KiB records in 256 KiB batches from the start, warm, 1 MiB a fetch", 0.5, {
    ...LARGE,
    cold: false,
    withKfake: true,
  }),
  workload("fetch-1k-cold", "the same, not in the page cache", 0.5, { ...LARGE, cold: true }),
  workload(
    "fetch-200-partitions",
    "4 KiB batches from 200 partitions, as much as fits in 50 MiB a fetch",
    0.8,
    {
      partitions: 200,
      recordBytes: 100,
      records: 38,
      bytes: 256 * MIB,
      cold: false,
    },
  ),
];
