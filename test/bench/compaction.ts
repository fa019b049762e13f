/**
 * `bun run bench:compaction [--mebibytes 1024, 200 at least] [--compression zstd]`: how long a produce takes while a log of that size
 * is compacted, between two times in which nothing else goes on; how long the compaction takes, and how much memory.
 * Nothing is asserted: times are the machine's. On one that does other things too, compare the runs, not the figures.
 */
import { parseArgs } from "node:util";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../src/protocol/messages/incremental-alter-configs.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { CompressionType } from "../../src/records/compression/codec.ts";
import { removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { createTopic } from "../support/client-topics.ts";
import { SeededRandom } from "../support/random.ts";
import { RawClient } from "../support/raw-client.ts";
import { residentMib } from "./process-usage.ts";
import { percentile } from "./statistics.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: {
    mebibytes: { type: "string", default: "1024" },
    compression: { type: "string", default: "none" },
  },
});
const compression = CompressionType[options.compression as keyof typeof CompressionType];
const MEBIBYTE = 1024 * 1024;
const KEYS = 100_000;
const VALUE_BYTES = 1000;
const RECORDS_OF_A_BATCH = 60;
const BATCHES_OF_A_REQUEST = 8;
/** Between two produces whose time is taken. */
const PAUSE_MS = 2;
const WARM_UP_MS = 2000;
const IDLE_MS = 10_000;
/** Between two looks at the memory. */
const WATCH_MS = 100;
const TOPIC_RESOURCE = 2;
const SET = 0;
/** 10 years. */
const NOT_YET = "315360000000";

async function send(client: RawClient, topic: string, records: Buffer): Promise<void> {
  const { responses } = await client.request(ProduceRequest, ProduceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  const error = responses[0]?.partitionResponses[0]?.errorCode;
  if (error !== 0) throw new Error(`Produce to ${topic} is answered with error ${error}`);
}

async function fill(client: RawClient, mebibytes: number): Promise<void> {
  const random = new SeededRandom(1);
  const words = Array.from({ length: 1000 }, () => random.below(1e9).toString(36));
  const value = () => {
    let text = "";
    while (text.length < VALUE_BYTES) text += `${words[random.below(words.length)]} `;
    return Buffer.from(text.slice(0, VALUE_BYTES));
  };
  const pool = Array.from({ length: 500 }, value);
  for (let bytes = 0; bytes < mebibytes * MEBIBYTE; ) {
    const batches = Array.from({ length: BATCHES_OF_A_REQUEST }, () => {
      const records = Array.from({ length: RECORDS_OF_A_BATCH }, () => ({
        timestamp: Date.now(),
        key: Buffer.from(`user-${random.below(KEYS)}`),
        value: pool[random.below(pool.length)] ?? null,
      }));
      return buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, compression, records });
    });
    await Promise.all(batches.map((batch) => send(client, "compacted", batch)));
    bytes += BATCHES_OF_A_REQUEST * RECORDS_OF_A_BATCH * (VALUE_BYTES + 20);
  }
}

/** Takes the time of produces, one after the other, until it is told to end. In milliseconds. */
async function probe(client: RawClient, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const value = Buffer.alloc(1000, 1);
  while (!isOver()) {
    const records = [{ timestamp: Date.now(), key: null, value }];
    const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records });
    const began = performance.now();
    await send(client, "probe", batch);
    times.push(performance.now() - began);
    await Bun.sleep(PAUSE_MS);
  }
  return times;
}

function tell(what: string, times: readonly number[]): void {
  const at = [50, 90, 99, 99.9].map((share) => `p${share} ${percentile(times, share / 100).toFixed(2)}`);
  console.log(`${what}: ${times.length} produces, in ms: ${at.join(", ")}`);
}

/** The records of the topic become cleanable. */
async function allowCompaction(client: RawClient): Promise<void> {
  const configs = [{ name: "min.compaction.lag.ms", configOperation: SET, value: "0" }];
  await client.request(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
    resources: [{ resourceType: TOPIC_RESOURCE, resourceName: "compacted", configs }],
    validateOnly: false,
  });
}

const broker = await startBroker({
  properties: { "log.cleaner.backoff.ms": 500, "log.cleaner.min.cleanable.ratio": 0.01 },
});
try {
  const client = await RawClient.connect(broker.port);
  const prober = await RawClient.connect(broker.port);
  await createTopic(client, "probe");
  await createTopic(client, "compacted", 1, {
    "cleanup.policy": "compact",
    "segment.bytes": String(100 * MEBIBYTE),
    "min.compaction.lag.ms": NOT_YET,
  });
  await fill(client, Number(options.mebibytes));
  await probe(prober, over(WARM_UP_MS));
  const before = await probe(prober, over(IDLE_MS));
  tell("idle, before", before);
  const memoryBefore = residentMib(broker.pid);
  let mostMemory = memoryBefore;
  const watch = setInterval(() => {
    mostMemory = Math.max(mostMemory, residentMib(broker.pid));
  }, WATCH_MS);
  await allowCompaction(client);
  const line = /compacted-0 is compacted .*/;
  const during = await probe(prober, () => line.test(broker.output()));
  clearInterval(watch);
  tell("while compacting", during);
  const after = await probe(prober, over(IDLE_MS));
  tell("idle, after", after);
  const ratio = percentile(during, 0.99) / percentile([...before, ...after], 0.99);
  console.log(`p99 while compacting is ${ratio.toFixed(2)} times that of idle`);
  console.log(`memory: ${memoryBefore.toFixed(0)} MiB before, ${mostMemory.toFixed(0)} MiB at most`);
  console.log(line.exec(broker.output())?.[0]);
  await broker.stop();
} finally {
  await broker.kill();
  removeTemporaryFolders();
}

function over(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}
