/**
 * From the start of the process to its first answer, and the memory it holds when nobody asks anything.
 */
import { join } from "node:path";
import { ApiVersionsRequest, ApiVersionsResponse } from "../../../src/protocol/messages/api-versions.ts";
import { framed, readResponse, requestFrame } from "../../support/raw-client.ts";
import type { BenchBroker, BrokerKind } from "../brokers/broker.ts";
import { firstAnswer } from "../brokers/first-answer.ts";
import { readyBatch } from "../load/batches.ts";
import type { LoadConnection } from "../load/connection.ts";
import { connect, produce } from "../load/produce-load.ts";
import { produceFrame } from "../load/requests.ts";
import { createTopic } from "../load/topics.ts";
import { residentMib } from "../process-usage.ts";
import type { StartWorkload } from "../workload.ts";

const IDLE_MS = 2000;
const PARTITIONS = 1000;
const MORE_PARTITIONS = 4000;
const IDLE_CONNECTIONS = 5000;
/** Apache Kafka lets 50 wait to be accepted. */
const AT_ONCE = 40;
const ANSWER_WITHIN_MS = 20_000;

async function timed(kind: BrokerKind, directory: string): Promise<{ broker: BenchBroker; ms: number }> {
  const started = performance.now();
  const broker = await kind.spawn(directory);
  await firstAnswer(broker);
  return { broker, ms: performance.now() - started };
}

let runs = 0;

const start: StartWorkload = {
  name: "start",
  what: "start to first answer on a new, formatted directory; then idle for 2 s",
  most: 3,
  metrics: [
    { name: "first answer", unit: "ms", atMost: 1 / 100 },
    { name: "idle memory", unit: "MiB", atMost: 1 / 7 },
  ],
  async runAlone(kind, folder) {
    const directory = join(folder, `start-${kind.name}-${runs++}`);
    await kind.format(directory);
    const { broker, ms } = await timed(kind, directory);
    await Bun.sleep(IDLE_MS);
    const memory = residentMib(broker.pid);
    await broker.stop();
    return { "first answer": ms, "idle memory": memory };
  },
};

const startUnformatted: StartWorkload = {
  name: "start-unformatted",
  what: "start to first answer on a directory that is not there yet",
  // Apache Kafka wants it to be formatted.
  rivals: [],
  most: 3,
  metrics: [{ name: "first answer", unit: "ms" }],
  async runAlone(kind, folder) {
    const { broker, ms } = await timed(kind, join(folder, `unformatted-${kind.name}-${runs++}`));
    await broker.stop();
    return { "first answer": ms };
  },
};

const startWithPartitions: StartWorkload = {
  name: `start-${PARTITIONS}-partitions`,
  what: `${PARTITIONS} partitions with a record each, and a start on their directory; then idle for 2 s`,
  most: 3,
  metrics: [
    { name: "memory per partition just filled", unit: "KiB" },
    { name: "first answer", unit: "ms", atMost: 1 / 100 },
    { name: "idle memory", unit: "MiB", atMost: 1 / 7 },
  ],
  async runAlone(kind, folder) {
    const directory = join(folder, `partitions-${kind.name}-${runs++}`);
    await kind.format(directory);
    const first = (await timed(kind, directory)).broker;
    await Bun.sleep(IDLE_MS);
    const before = residentMib(first.pid);
    await fillPartitions(first, PARTITIONS);
    await Bun.sleep(IDLE_MS);
    const after = residentMib(first.pid);
    await first.stop();
    const { broker, ms } = await timed(kind, directory);
    await Bun.sleep(IDLE_MS);
    const memory = residentMib(broker.pid);
    await broker.stop();
    return {
      "memory per partition just filled": ((after - before) * 1024) / PARTITIONS,
      "first answer": ms,
      "idle memory": memory,
    };
  },
};

const idlePartitions: StartWorkload = {
  name: "idle-partitions",
  what: `partitions that nobody has used since a start: what ${MORE_PARTITIONS} beside ${PARTITIONS} others weigh`,
  // Apache Kafka takes half a minute to make as many.
  rivals: [],
  most: 3,
  metrics: [{ name: "memory of each", unit: "KiB", limit: 4 }],
  async runAlone(kind, folder) {
    const directory = join(folder, `idle-partitions-${kind.name}-${runs++}`);
    await kind.format(directory);
    const memory: number[] = [];
    for (const count of [PARTITIONS, MORE_PARTITIONS]) {
      const { broker } = await timed(kind, directory);
      await fillPartitions(broker, count);
      await broker.stop();
      const again = (await timed(kind, directory)).broker;
      await Bun.sleep(IDLE_MS);
      memory.push(residentMib(again.pid));
      await again.stop();
    }
    const [few = 0, many = 0] = memory;
    return { "memory of each": ((many - few) * 1024) / MORE_PARTITIONS };
  },
};

async function fillPartitions({ port }: BenchBroker, count: number): Promise<void> {
  const topic = await createTopic(port, count);
  const batch = readyBatch({ recordBytes: 100, records: 1 });
  const frames = Array.from({ length: count }, (_, partition) =>
    produceFrame(topic.id, 1, [{ partition, batch }]),
  );
  await produce({ port, frames, connections: 1, inFlight: 5, requests: count });
}

const idleConnections: StartWorkload = {
  name: "idle-connections",
  what: `${IDLE_CONNECTIONS} connections that ask nothing, and as many again`,
  // Apache Kafka takes 10 ms for each of them.
  rivals: [],
  metrics: [
    { name: "memory per connection", unit: "KiB", limit: 8 },
    { name: "time to connect", unit: "ms" },
    { name: "answered among twice as many", unit: "connections", minimum: 2 * IDLE_CONNECTIONS },
  ],
  async runAlone(kind, folder) {
    const directory = join(folder, `connections-${kind.name}-${runs++}`);
    await kind.format(directory);
    const { broker } = await timed(kind, directory);
    await Bun.sleep(IDLE_MS);
    const before = residentMib(broker.pid);
    const connections: LoadConnection[] = [];
    const started = performance.now();
    while (connections.length < IDLE_CONNECTIONS) connections.push(...(await connect(broker.port, AT_ONCE)));
    const connected = performance.now() - started;
    await Bun.sleep(IDLE_MS);
    const after = residentMib(broker.pid);
    while (connections.length < 2 * IDLE_CONNECTIONS)
      connections.push(...(await connect(broker.port, AT_ONCE)));
    const answered = (await Promise.all(connections.map(isAnswered))).filter(Boolean).length;
    for (const connection of connections) connection.close();
    await broker.stop();
    return {
      "memory per connection": ((after - before) * 1024) / IDLE_CONNECTIONS,
      "time to connect": connected,
      "answered among twice as many": answered,
    };
  },
};

/** Whether a connection is one that the broker talks to. */
async function isAnswered(connection: LoadConnection): Promise<boolean> {
  const body = { clientSoftwareName: "bench", clientSoftwareVersion: "1" };
  try {
    const asked = connection.ask(framed(requestFrame(ApiVersionsRequest, 3, 1, body)));
    const answer = await Promise.race([asked, Bun.sleep(ANSWER_WITHIN_MS)]);
    return answer !== undefined && readResponse(ApiVersionsResponse, 3, 1, answer).errorCode === 0;
  } catch {
    return false;
  }
}

export const startWorkloads: readonly StartWorkload[] = [
  start,
  startUnformatted,
  startWithPartitions,
  idlePartitions,
  idleConnections,
];
