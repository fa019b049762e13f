/**
 * Producing as fast as the broker takes it.
 */
import { type BatchShape, readyBatch } from "../load/batches.ts";
import { produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { createTopic, deleteTopic } from "../load/topics.ts";
import type { LoadWorkload } from "../workload.ts";
import { throughputMetrics, throughputOf } from "./throughput.ts";

interface Shape extends BatchShape {
  readonly partitions: number;
  readonly partitionsPerRequest: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly acks: number;
  readonly bytes: number;
  /** Whether it is done to kfake, too. */
  readonly withKfake?: boolean;
}

const MIB = 1024 ** 2;
const LARGE = { partitions: 4, partitionsPerRequest: 1, connections: 4, inFlight: 5, bytes: 384 * MIB };

function workload(name: string, what: string, atMost: number, shape: Shape): LoadWorkload {
  return {
    name,
    what,
    metrics: throughputMetrics(atMost, shape.withKfake ? { atMostOfKfake: 1 } : {}),
    rivals: shape.withKfake ? ["Kafka", "kfake"] : ["Kafka"],
    async run(broker, { scale }) {
      const topic = await createTopic(broker.port, shape.partitions);
      const frames = framesFor(topic.id, shape);
      const size = frames[0]?.length ?? 1;
      const { connections, inFlight } = shape;
      const requests = Math.ceil((shape.bytes * scale) / size);
      const load = { port: broker.port, frames, connections, inFlight, requests };
      const sample = await throughputOf(broker, () => produce(load));
      await deleteTopic(broker, topic);
      return sample;
    },
  };
}

function framesFor(topicId: Parameters<typeof produceFrame>[0], shape: Shape): Buffer[] {
  const batch = readyBatch(shape);
  const frames: Buffer[] = [];
  for (let first = 0; first < shape.partitions; first += shape.partitionsPerRequest) {
    const partitions = Array.from({ length: shape.partitionsPerRequest }, (_, index) => first + index);
    frames.push(
      produceFrame(
        topicId,
        shape.acks,
        partitions.map((partition) => ({ partition, batch })),
      ),
    );
  }
  return frames;
}

export const produceWorkloads: readonly LoadWorkload[] = [
  workload("produce-1k", "1 KiB records in 256 KiB batches, acks=1, 4 connections", 0.35, {
    ...LARGE,
    recordBytes: 1024,
    records: 255,
    acks: 1,
    withKfake: true,
  }),
  workload("produce-1k-lz4", "the same, compressed with lz4", 0.35, {
    ...LARGE,
    recordBytes: 1024,
    records: 400,
    compression: "lz4",
    acks: 1,
  }),
  workload("produce-100b", "100 B records in 256 KiB batches, acks=all, 4 connections", 0.35, {
    ...LARGE,
    recordBytes: 100,
    records: 2400,
    acks: -1,
  }),
  workload("produce-200-partitions", "100 B records in 4 KiB batches, 20 of 200 partitions a request", 0.3, {
    recordBytes: 100,
    records: 38,
    acks: -1,
    partitions: 200,
    partitionsPerRequest: 20,
    connections: 4,
    inFlight: 5,
    bytes: 256 * MIB,
  }),
];
