/**
 * `bun run bench:large-directory [--partitions 1000] [--mebibytes 10]`: how long a broker takes to start with so many
 * partitions of so many segments of a mebibyte after a clean stop and after a kill, and how much memory it holds then
 * and while it looks for what is too old. The segments are one partition's, under many names, so that they take up
 * little of the disk. Nothing is asserted: times are the machine's.
 */
import { linkSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { createTopic, writeValues } from "../support/client-topics.ts";
import { digestPartition } from "../support/partition-digest.ts";
import { RawClient } from "../support/raw-client.ts";
import { residentMib } from "./process-usage.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: { partitions: { type: "string", default: "1000" }, mebibytes: { type: "string", default: "10" } },
});
const partitions = Number(options.partitions);
const mebibytes = Number(options.mebibytes);
const MEBIBYTE = 1024 * 1024;
const VALUE = "x".repeat(10_000);
const RECORDS_OF_A_BATCH = 10;
const ROUNDS = 3;
const PROPERTIES = { "log.retention.check.interval.ms": 1000, "log.retention.hours": -1 };
/** Some rounds of retention. */
const WATCH_MS = 5000;

/** Makes the directory. Returns how many records each partition has. */
async function fill(broker: BrokerProcess): Promise<number> {
  const client = await RawClient.connect(broker.port);
  await createTopic(client, "t", partitions, { "segment.bytes": String(MEBIBYTE) });
  const batches = Math.ceil((mebibytes * MEBIBYTE) / (RECORDS_OF_A_BATCH * VALUE.length));
  const values = Array.from({ length: RECORDS_OF_A_BATCH }, () => VALUE);
  for (let count = 0; count < batches; count++) await writeValues(client, "t", 0, values);
  client.close();
  await broker.stop();
  const records = batches * RECORDS_OF_A_BATCH;
  multiply(broker.logDirectory, records);
  return records;
}

/** Gives all partitions what the first one has. */
function multiply(logDirectory: string, records: number): void {
  const first = join(logDirectory, "t-0");
  const files = readdirSync(first).filter((name) => name !== "partition.metadata");
  for (let partition = 1; partition < partitions; partition++) {
    const folder = join(logDirectory, `t-${partition}`);
    for (const name of files) {
      rmSync(join(folder, name), { force: true });
      linkSync(join(first, name), join(folder, name));
    }
  }
  const lines = Array.from({ length: partitions }, (_, partition) => `t ${partition} ${records}\n`);
  for (const kind of ["recovery-point", "replication"]) {
    writeFileSync(join(logDirectory, `${kind}-offset-checkpoint`), `0\n${partitions}\n${lines.join("")}`);
  }
}

async function start(logDirectory: string, what: string): Promise<BrokerProcess> {
  const began = performance.now();
  const broker = await startBroker({ logDirectory, properties: PROPERTIES });
  const ms = (performance.now() - began).toFixed(0);
  console.log(`${what}: serves after ${ms} ms, with ${residentMib(broker.pid).toFixed(0)} MiB`);
  return broker;
}

const first = await startBroker();
try {
  const records = await fill(first);
  let broker = await start(first.logDirectory, "after a clean stop");
  try {
    for (let round = 1; round < ROUNDS; round++) {
      await broker.stop();
      broker = await start(first.logDirectory, "after a clean stop");
    }
    const client = await RawClient.connect(broker.port);
    const { count } = await digestPartition(client, "t", Math.floor(partitions / 2));
    client.close();
    if (count !== records) throw new Error(`a partition has ${count} of ${records} records`);
    await Bun.sleep(WATCH_MS);
    console.log(
      `after some rounds of retention: ${residentMib(broker.pid).toFixed(0)} MiB, ${readdirSync(`/proc/${broker.pid}/fd`).length} descriptors`,
    );
    await broker.kill();
    broker = await start(first.logDirectory, "after a kill");
    await broker.stop();
  } finally {
    await broker.kill();
  }
} finally {
  await first.kill();
  removeTemporaryFolders();
}
