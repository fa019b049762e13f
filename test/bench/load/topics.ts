/**
 * Topics to load, made for one run and deleted behind it.
 */
import { readdirSync } from "node:fs";
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../src/protocol/messages/create-partitions.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../src/protocol/messages/create-topics.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../../src/protocol/messages/delete-topics.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../../src/protocol/messages/list-offsets.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { RawClient } from "../../support/raw-client.ts";
import type { BenchBroker } from "../brokers/broker.ts";

export interface BenchTopic {
  readonly name: string;
  readonly id: Uuid;
  readonly partitions: number;
}

/** Brokers make no more than about 10,000 partitions in one go. */
const MOST_AT_ONCE = 5000;
const GONE_WITHIN_MS = 20_000;

let made = 0;

/** Makes a topic of a new name, and waits until all its partitions are served. */
export async function createTopic(
  port: number,
  partitions: number,
  configs: Readonly<Record<string, string>> = {},
): Promise<BenchTopic> {
  const name = `bench-${process.pid}-${made++}`;
  const client = await RawClient.connect(port);
  const { topics } = await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: [
      {
        name,
        numPartitions: Math.min(partitions, MOST_AT_ONCE),
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries({ "file.delete.delay.ms": "100", ...configs }).map(([key, value]) => ({
          name: key,
          value,
        })),
      },
    ],
    validateOnly: false,
  });
  const [topic] = topics;
  if (topic === undefined || topic.errorCode !== 0) {
    throw new Error(`topic ${name} could not be made: ${topic?.errorCode} ${topic?.errorMessage}`);
  }
  if (partitions > MOST_AT_ONCE) await addPartitions(client, name, partitions);
  while (!(await isServed(client, name, partitions))) await Bun.sleep(10);
  client.close();
  return { name, id: topic.topicId, partitions };
}

async function addPartitions(client: RawClient, name: string, count: number): Promise<void> {
  const { results } = await client.request(CreatePartitionsRequest, CreatePartitionsResponse, 3, {
    topics: [{ name, count, assignments: null }],
    timeoutMs: 30_000,
    validateOnly: false,
  });
  const failed = results.find(({ errorCode }) => errorCode !== 0);
  if (failed) throw new Error(`topic ${name} gets no more partitions: ${failed.errorMessage}`);
}

async function isServed(client: RawClient, name: string, partitions: number): Promise<boolean> {
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }));
  const { topics } = await client.request(ListOffsetsRequest, ListOffsetsResponse, 7, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name, partitions: asked }],
  });
  return topics.every((topic) => topic.partitions.every(({ errorCode }) => errorCode === 0));
}

/** Deletes a topic, and waits until its files are gone: that takes CPU which the next run is not to be charged for. */
export async function deleteTopic({ port, logDirectory }: BenchBroker, { name }: BenchTopic): Promise<void> {
  const client = await RawClient.connect(port);
  await client.request(DeleteTopicsRequest, DeleteTopicsResponse, 5, {
    topicNames: [name],
    timeoutMs: 30_000,
  });
  client.close();
  const deadline = performance.now() + GONE_WITHIN_MS;
  const isThere = () => readdirSync(logDirectory).some((entry) => entry.startsWith(`${name}-`));
  while (isThere() && performance.now() < deadline) await Bun.sleep(50);
}
