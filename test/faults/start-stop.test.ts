import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MetadataRequest, MetadataResponse } from "../../src/protocol/messages/metadata.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import {
  type BrokerProcess,
  executable,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { makeDirectory } from "../support/hand-made-directory.ts";
import { runProgram } from "../support/program-run.ts";
import { RawClient } from "../support/raw-client.ts";

const brokers: BrokerProcess[] = [];
async function start(options: Parameters<typeof startBroker>[0] = {}): Promise<BrokerProcess> {
  const broker = await startBroker(options);
  brokers.push(broker);
  return broker;
}
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

/** Runs the executable to its end. */
const run = (words: readonly string[]) => runProgram([executable, ...words]);

function propertiesFile(text: string): string {
  const file = join(temporaryFolder(), "server.properties");
  writeFileSync(file, text);
  return file;
}

describe("a start", () => {
  test("formats a missing log directory, and says where data lives and how to connect", async () => {
    const broker = await start();
    expect(readFileSync(join(broker.logDirectory, "meta.properties"), "utf8")).toMatch(/^version=1$/m);
    expect(broker.output()).toMatch(/^ {2}data {7}\/.*\/data, [\d.]+ [KMGTP]iB free$/m);
    expect(broker.output()).toContain(`  data       ${broker.logDirectory}, `);
    expect(broker.output()).toContain(`bootstrap.servers=127.0.0.1:${broker.port}`);
    expect(broker.output().split("\n").length).toBeLessThan(24);
  });

  test("says where the metadata lives, where that is a place of its own", async () => {
    const metadata = join(temporaryFolder(), "metadata");
    const broker = await start({ properties: { "metadata.log.dir": metadata } });
    expect(existsSync(join(metadata, "__cluster_metadata-0"))).toBe(true);
    expect(broker.output()).toContain(`data       ${broker.logDirectory}, `);
    expect(broker.output()).toContain(`\n  metadata   ${metadata}\n`);
  });

  test("with a wrong value is refused with file, line, key, value and what is allowed", async () => {
    const file = propertiesFile("node.id=1\nnum.partitions=many\nlog.message.timestamp.type=Sometimes\n");
    const { code, complaint } = await run([file]);
    expect(code).toBe(1);
    expect(complaint).toContain(`${file}:2: num.partitions=many:`);
    expect(complaint).toMatch(/:3: log\.message\.timestamp\.type=Sometimes: .*CreateTime, LogAppendTime/);
  });

  test("with a file that isn't there says so", async () => {
    const { code, complaint } = await run(["/nowhere/server.properties"]);
    expect(code).toBe(1);
    expect(complaint).toContain("/nowhere/server.properties can't be read");
  });

  test("warns once of a Kafka key that has no effect, and names the key nearest to one that nobody has", async () => {
    const broker = await start({ properties: { "num.io.threads": 8, "log.retention.hour": 1 } });
    const warnings = broker
      .output()
      .split("\n")
      .filter((line) => line.includes("WARN"));
    expect(warnings.filter((line) => line.includes("num.io.threads"))).toHaveLength(1);
    expect(warnings.find((line) => line.includes("log.retention.hour;"))).toContain(
      "the nearest known key is log.retention.hours",
    );
  });

  test("on another broker's directory is refused, naming its pid", async () => {
    const broker = await start();
    const port = await freePort();
    const overrides = [`listeners=PLAINTEXT://127.0.0.1:${port}`, `log.dirs=${broker.logDirectory}`];
    const { code, complaint } = await run(overrides.flatMap((override) => ["--override", override]));
    expect(code).toBe(1);
    expect(complaint).toContain(`${broker.logDirectory} is in use by process ${broker.pid}`);
  });

  test("on a port in use is refused, naming it", async () => {
    const broker = await start();
    const overrides = [
      `listeners=PLAINTEXT://127.0.0.1:${broker.port}`,
      `log.dirs=${temporaryFolder()}/data`,
    ];
    const { code, complaint } = await run(overrides.flatMap((override) => ["--override", override]));
    expect(code).toBe(1);
    expect(complaint).toContain(String(broker.port));
    expect(complaint).toContain("PLAINTEXT");
  });

  test("on a metadata log that is damaged is refused with file and position, and leaves it as it is", async () => {
    const directory = join(temporaryFolder(), "data");
    makeDirectory(directory, [{ name: "t", id: "00000000000040008000000000000011", partitions: [["a"]] }]);
    const file = join(directory, "__cluster_metadata-0", "00000000000000000000.log");
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(70) ^ 1, 70);
    writeFileSync(file, bytes);
    const { code, complaint } = await run(["--override", `log.dirs=${directory}`]);
    expect(code).toBe(1);
    expect(complaint).toContain(file);
    expect(complaint).toMatch(/position 0|byte 0/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test("opens no controller listener, and says so", async () => {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const broker = await start({
      properties: {
        listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
      },
      port,
    });
    expect(broker.output()).toContain(`not opened CONTROLLER on 127.0.0.1:${controllerPort}`);
    await expect(RawClient.connect(controllerPort)).rejects.toThrow();
  });
});

describe("a client", () => {
  test("is told the address that it came by, where none is advertised", async () => {
    const port = await freePort();
    await start({ properties: { listeners: `PLAINTEXT://:${port}` }, port });
    for (const host of ["127.0.0.1", "127.0.0.5", "::1"]) {
      const client = await RawClient.connect(port, host);
      const { brokers: told } = await client.request(MetadataRequest, MetadataResponse, 12, { topics: [] });
      expect(told.map((one) => [one.nodeId, one.host, one.port])).toEqual([[1, host, port]]);
      client.close();
    }
  });

  test("is told the address that is advertised", async () => {
    const broker = await start({ properties: { "advertised.listeners": "PLAINTEXT://broker.example:1234" } });
    const client = await RawClient.connect(broker.port);
    const { brokers: told } = await client.request(MetadataRequest, MetadataResponse, 12, { topics: [] });
    expect(told.map((one) => [one.host, one.port])).toEqual([["broker.example", 1234]]);
  });
});

describe("a stop", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`by ${signal} ends with code 0, the directory closed cleanly`, async () => {
      const broker = await start();
      process.kill(broker.pid, signal);
      expect(await broker.exited).toBe(0);
      expect(existsSync(join(broker.logDirectory, ".kafka_cleanshutdown"))).toBe(true);
    });
  }

  test("by two signals in a row, as a terminal and npm send them, is as clean as by one", async () => {
    const broker = await start();
    for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) process.kill(broker.pid, signal);
    expect(await broker.exited).toBe(0);
    expect(existsSync(join(broker.logDirectory, ".kafka_cleanshutdown"))).toBe(true);
  });

  test("with a log directory that is gone says so, and ends with code 1", async () => {
    const broker = await start();
    rmSync(broker.logDirectory, { recursive: true });
    expect(await broker.stop()).toBe(1);
    expect(broker.output()).not.toContain("everything is on disk");
    expect(broker.output()).toContain(`${broker.logDirectory} could not be closed`);
  });
});

test("the executable alone takes large batches where there is no folder for temporary files", async () => {
  const environment = {
    TMPDIR: "/nonexistent",
    TMP: "/nonexistent",
    TEMP: "/nonexistent",
    BUN_TMPDIR: "/nonexistent",
  };
  const broker = await start({ environment });
  const client = await RawClient.connect(broker.port);
  await client.request(MetadataRequest, MetadataResponse, 12, {
    topics: [{ name: "large" }],
    allowAutoTopicCreation: true,
  });
  const value = Buffer.alloc(100_000, 7);
  const records = buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    records: [{ timestamp: 1, key: null, value }],
  });
  const { responses } = await client.request(ProduceRequest, ProduceResponse, 11, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: "large", partitionData: [{ index: 0, records }] }],
  });
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
});
