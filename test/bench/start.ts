/**
 * `bun run bench:start`: how long the executable takes from its start to the first answer to ApiVersions on a
 * formatted directory, and how much memory it then holds while idle. Nothing is asserted: times are the machine's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiVersionsRequest, ApiVersionsResponse } from "../../src/protocol/messages/api-versions.ts";
import { executable, freePort, removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { RawClient } from "../support/raw-client.ts";

const RUNS = 15;
const IDLE_MS = 2000;

interface Measured {
  readonly firstAnswerMs: number;
  readonly idleMemoryMib: number;
}

/** Starts on a directory, asks until there is an answer, and looks at the memory a while later. */
async function measure(directory: string, idleMs: number): Promise<Measured> {
  const port = await freePort();
  const overrides = [`listeners=PLAINTEXT://127.0.0.1:${port}`, `log.dirs=${directory}`];
  const started = performance.now();
  const child = Bun.spawn([executable, ...overrides.flatMap((override) => ["--override", override])], {
    stdout: "ignore",
  });
  const client = await connected(port);
  await client.request(ApiVersionsRequest, ApiVersionsResponse, 4, {
    clientSoftwareName: "bench",
    clientSoftwareVersion: "1",
  });
  const firstAnswerMs = performance.now() - started;
  await Bun.sleep(idleMs);
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  client.close();
  child.kill("SIGTERM");
  await child.exited;
  return { firstAnswerMs, idleMemoryMib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
}

async function connected(port: number): Promise<RawClient> {
  for (;;) {
    try {
      return await RawClient.connect(port);
    } catch {
      await Bun.sleep(0);
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const directory = join(temporaryFolder(), "data");
await measure(directory, 0);
const runs: Measured[] = [];
for (let run = 0; run < RUNS; run++) runs.push(await measure(directory, run === 0 ? IDLE_MS : 0));
const times = runs.map(({ firstAnswerMs }) => firstAnswerMs);
console.log(
  `start to first answer: median ${median(times).toFixed(1)} ms of ${RUNS} runs ` +
    `(${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`,
);
console.log(`memory after ${IDLE_MS / 1000} s idle: ${runs[0]?.idleMemoryMib.toFixed(1)} MiB`);
removeTemporaryFolders();
