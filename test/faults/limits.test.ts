/**
 * The limits that a broker's properties set to what clients may take: the executable holds to them.
 */
import { afterAll, afterEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { ApiVersionsRequest, ApiVersionsResponse } from "../../src/protocol/messages/api-versions.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { batchOf } from "../support/batches.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { framed, RawClient, readResponse, requestFrame } from "../support/raw-client.ts";

const MIB = 1024 ** 2;
const LARGEST_REQUEST = 24 * MIB;

let broker: BrokerProcess;
afterEach(() => broker?.kill());
afterAll(removeTemporaryFolders);

/** What every client asks first; rejects when the connection is closed instead. */
function greet(client: RawClient): Promise<unknown> {
  const body = { clientSoftwareName: "test", clientSoftwareVersion: "1" };
  return client.request(ApiVersionsRequest, ApiVersionsResponse, 3, body);
}

async function createTopic(client: RawClient): Promise<void> {
  const topic = { name: "topic", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: [topic],
    validateOnly: false,
  });
}

/** A produce of a record of so many bytes. */
function produceOf(valueSize: number): Buffer {
  const partitionData = [{ index: 0, records: batchOf(["x".repeat(valueSize)]) }];
  const body = { acks: 1, timeoutMs: 5000, topicData: [{ name: "topic", partitionData }] };
  return framed(requestFrame(ProduceRequest, 11, 1, body));
}

function errorOf(answer: Buffer): number | undefined {
  const { responses } = readResponse(ProduceResponse, 11, 1, answer);
  return responses[0]?.partitionResponses[0]?.errorCode;
}

function peakMemoryMib(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

test("connections beyond max.connections are closed and logged, and there is room again when one has gone", async () => {
  broker = await startBroker({ properties: { "max.connections": 40 } });
  const clients = await Promise.all(Array.from({ length: 40 }, () => RawClient.connect(broker.port)));
  // Looking for the broker's port took a connection, which may not be gone yet.
  await eventually(async () => {
    for (const [index, client] of clients.entries()) {
      await greet(client).catch(async (error) => {
        clients[index] = await RawClient.connect(broker.port);
        throw error;
      });
    }
  });
  const beyond = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(broker.port)));
  await Promise.all(beyond.map(({ closed }) => closed));
  await eventually(() => expect(broker.output()).toContain("max.connections=40 is reached"));
  await Promise.all(clients.map(greet));
  clients[0]?.close();
  await eventually(async () => {
    await greet(await RawClient.connect(broker.port));
  });
});

test("a request beyond socket.request.max.bytes ends its connection, one that meets it is answered", async () => {
  const largest = produceOf(100_000);
  broker = await startBroker({ properties: { "socket.request.max.bytes": largest.length - 4 } });
  const other = await RawClient.connect(broker.port);
  await createTopic(other);
  const allowed = await RawClient.connect(broker.port);
  allowed.send(largest);
  expect(errorOf(await allowed.frame())).toBe(0);
  const refused = await RawClient.connect(broker.port);
  refused.send(produceOf(100_001));
  await refused.closed;
  await eventually(() => expect(broker.output()).toContain("is above socket.request.max.bytes"));
  await greet(other);
});

/** Claims a large request, and sends the beginning of it only. */
function stall(port: number, bytes: number): Promise<Socket> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(LARGEST_REQUEST);
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(Buffer.concat([length, Buffer.alloc(bytes)]));
      resolve(socket);
    });
    socket.on("error", reject);
  });
}

test("requests beyond queued.max.request.bytes are not taken in, and small ones are answered meanwhile", async () => {
  const limit = 32 * MIB;
  broker = await startBroker({
    properties: {
      "queued.max.request.bytes": limit,
      "socket.request.max.bytes": LARGEST_REQUEST,
      "message.max.bytes": 10 * MIB,
    },
  });
  const client = await RawClient.connect(broker.port);
  await createTopic(client);
  client.send(produceOf(1000));
  expect(errorOf(await client.frame())).toBe(0);
  const before = peakMemoryMib(broker.pid);
  // Without the limit all of it would be taken in: 600 MiB.
  const stalled = await Promise.all(Array.from({ length: 30 }, () => stall(broker.port, 20 * MIB)));
  const taken = () => stalled.filter(({ writableLength }) => writableLength === 0).length;
  await eventually(() => expect(taken()).toBeGreaterThan(0));
  for (let round = 0; round < 20; round++) await greet(client);
  // Two fill the memory, and one may go beyond it, so that there is always progress.
  expect(taken()).toBeLessThan(10);
  expect(peakMemoryMib(broker.pid) - before).toBeLessThan(300);
  for (const socket of stalled) socket.destroy();
});
