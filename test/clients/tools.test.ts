/**
 * The executable under the names of Kafka's tools, as links to it are called in a container.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { constants, copyFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  accepts,
  type BrokerProcess,
  executable,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { runProgram } from "../support/program-run.ts";

const TIMEOUT_MS = 60_000;
let broker: BrokerProcess;
let folder = "";

beforeAll(async () => {
  broker = await startBroker();
  folder = temporaryFolder();
  // A copy: kafka-server-stop stops all brokers of its own executable.
  copyFileSync(executable, join(folder, "houska"), constants.COPYFILE_FICLONE);
  for (const name of ["kafka-topics.sh", "kafka-topics", "kafka-server-start.sh", "kafka-server-stop.sh"]) {
    symlinkSync("houska", join(folder, name));
  }
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

const run = (name: string, ...words: string[]) => runProgram([join(folder, name), ...words]);
const address = (port = broker.port) => ["--bootstrap-server", `127.0.0.1:${port}`];

describe("A link to the executable", () => {
  test(
    "is the tool of its name, with .sh and without",
    async () => {
      expect(await run("kafka-topics.sh", ...address(), "--create", "--topic", "linked")).toEqual({
        ...{ code: 0, output: "Created topic linked.\n", complaint: "" },
      });
      expect((await run("kafka-topics", ...address(), "--list")).output).toBe("linked\n");
      expect((await run("houska", "topics", ...address(), "--list")).output).toBe("linked\n");
    },
    TIMEOUT_MS,
  );

  test(
    "prints JSON under our own name of it",
    async () => {
      const words = ["topics", ...address(), "--describe", "--output", "json"];
      const [topic] = JSON.parse((await run("houska", ...words)).output);
      expect(topic).toMatchObject({
        ...{ name: "linked", internal: false, configs: {} },
        partitions: [{ partition: 0, leader: 1, replicas: [1], isr: [1] }],
      });
      expect((await run("kafka-topics", ...address(), "--list", "--output", "json")).complaint).toStartWith(
        "output is not a recognized option",
      );
    },
    TIMEOUT_MS,
  );

  test(
    "waits for a broker that isn't there yet, and says so once",
    async () => {
      const port = await freePort();
      const listing = run("kafka-topics", ...address(port), "--list");
      const late = await startBroker({ port });
      const { code, output, complaint } = await listing;
      expect({ code, output }).toEqual({ code: 0, output: "\n" });
      expect(complaint).toMatch(
        /^(127\.0\.0\.1:\d+ refuses the connection; trying again for up to 60 seconds\n)?$/,
      );
      await late.stop();
    },
    TIMEOUT_MS,
  );

  test(
    "gives up when its time is over",
    async () => {
      const config = join(folder, "impatient.properties");
      writeFileSync(config, "default.api.timeout.ms=200\n");
      const port = await freePort();
      const { code, output, complaint } = await run(
        "kafka-topics",
        ...address(port),
        "--list",
        "--command-config",
        config,
      );
      expect(code).toBe(1);
      expect(output).toBe(
        `Error while executing topic command : Timed out after 200 ms: 127.0.0.1:${port} refuses the connection\n`,
      );
      expect(complaint.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(1);
    },
    TIMEOUT_MS,
  );
});

test(
  "kafka-server-start.sh runs a broker, and kafka-server-stop.sh stops it and no other",
  async () => {
    const port = await freePort();
    const config = join(folder, "server.properties");
    writeFileSync(config, `node.id=1\nlisteners=PLAINTEXT://127.0.0.1:${port}\n`);
    const words = [config, "--override", `log.dirs=${join(folder, "logs")}`];
    const started = Bun.spawn([join(folder, "kafka-server-start.sh"), ...words], {
      stdout: "ignore",
      stderr: "ignore",
    });
    await eventually(async () => expect(await accepts(port)).toBe(true));

    expect(await run("kafka-server-stop.sh")).toMatchObject({ code: 0 });
    expect(await started.exited).toBe(0);
    expect(await run("kafka-server-stop.sh")).toMatchObject({
      code: 1,
      complaint: "No kafka server to stop\n",
    });
    expect((await run("kafka-topics", ...address(), "--list")).code).toBe(0);
  },
  TIMEOUT_MS,
);
