import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { FetchRequest, FetchResponse } from "../../src/protocol/messages/fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { batchOf } from "../support/batches.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { framed, RawClient, requestFrame } from "../support/raw-client.ts";

const DEAF_CLIENTS = 60;
const PARTITIONS = 4;
const BATCHES_OF_EACH = 10;
/** All that a fetch brings together: 40 MB. In memory for each of the clients, that would be 2.4 GB. */
const VALUE_SIZE = 1_000_000;
const MAX_MEMORY_KIB = 500 * 1024;

let broker: BrokerProcess;
afterAll(async () => {
  await broker?.kill();
  removeTemporaryFolders();
});

const everything = {
  maxWaitMs: 0,
  minBytes: 1,
  isolationLevel: 0,
  topics: [
    {
      topic: "large",
      partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({
        partition,
        fetchOffset: 0,
        partitionMaxBytes: 2 ** 30,
      })),
    },
  ],
  forgottenTopicsData: [],
};

/** A batch of its own for each partition and place in it. */
function batchAt(partition: number, index: number): Buffer {
  return batchOf([String.fromCharCode(65 + partition * BATCHES_OF_EACH + index).repeat(VALUE_SIZE)]);
}

async function fill(client: RawClient): Promise<void> {
  const topic = {
    name: "large",
    numPartitions: PARTITIONS,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  };
  await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: [topic],
    validateOnly: false,
  });
  for (let index = 0; index < BATCHES_OF_EACH; index++) {
    const partitionData = Array.from({ length: PARTITIONS }, (_, partition) => ({
      index: partition,
      records: batchAt(partition, index),
    }));
    const { responses } = await client.request(ProduceRequest, ProduceResponse, 11, {
      acks: -1,
      timeoutMs: 5000,
      topicData: [{ name: "large", partitionData }],
    });
    expect(responses[0]?.partitionResponses.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0, 0]);
  }
}

/** Asks for everything, three times over, and reads nothing. */
function deafClient(port: number): Promise<Socket> {
  const request = framed(requestFrame(FetchRequest, 11, 1, everything));
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      for (let count = 0; count < 3; count++) socket.write(request);
      resolve(socket);
    });
    socket.pause();
    socket.on("error", reject);
  });
}

function peakMemoryKib(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

test("clients that ask for much and read nothing cost little memory, and others are served meanwhile", async () => {
  broker = await startBroker({ properties: { "max.message.bytes": 2_000_000, "fetch.max.bytes": 2 ** 30 } });
  const client = await RawClient.connect(broker.port);
  await fill(client);
  const deaf = await Promise.all(Array.from({ length: DEAF_CLIENTS }, () => deafClient(broker.port)));
  const { responses } = await client.request(FetchRequest, FetchResponse, 11, everything);
  const partitions = responses[0]?.partitions ?? [];
  expect(partitions.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0, 0]);
  for (const { partitionIndex, records } of partitions) {
    const sizeOfOne = batchAt(0, 0).length;
    expect(records?.length).toBe(BATCHES_OF_EACH * sizeOfOne);
    for (let index = 0; index < BATCHES_OF_EACH; index++) {
      const sent = batchAt(partitionIndex, index).subarray(61);
      expect(records?.subarray(index * sizeOfOne + 61, (index + 1) * sizeOfOne).equals(sent)).toBe(true);
    }
  }
  expect(peakMemoryKib(broker.pid)).toBeLessThan(MAX_MEMORY_KIB);
  for (const socket of deaf) socket.destroy();
}, 60_000);
