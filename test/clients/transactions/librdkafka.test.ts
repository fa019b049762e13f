import { afterAll, beforeAll, expect } from "bun:test";
import { join } from "node:path";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../../support/broker-process.ts";
import { runProgram } from "../../support/program-run.ts";
import { pythonWithClients, requires } from "../../support/requirements.ts";
import { kills, TRANSFORM_TIMEOUT_MS, transactions, transformThroughKills } from "./transform.ts";

const { test, missing } = requires("python-clients");
const script = join(import.meta.dir, "python", "commit_and_abort.py");
const transform = join(import.meta.dir, "python", "transform.py");
const ROUNDS = 6;

let broker: BrokerProcess;
beforeAll(async () => {
  if (missing === null) broker = await startBroker();
});
afterAll(async () => {
  if (missing === null) await broker.stop();
  removeTemporaryFolders();
});

/** What a reader of committed records sees after librdkafka has committed every other transaction. */
async function committed(topic: string): Promise<string[]> {
  const words = [pythonWithClients(), script, `127.0.0.1:${broker.port}`, topic, String(ROUNDS)];
  const { code, output, complaint } = await runProgram(words);
  if (code !== 0) throw new Error(complaint);
  return output.trim().split("\n");
}

/** The values of the committed rounds, once for each run. */
function expected(runs: number): string[] {
  const rounds = Array.from({ length: ROUNDS / 2 }, (_, index) => index * 2);
  const once = rounds.flatMap((round) => Array.from({ length: 5 }, (_, index) => `${round}-${index}`));
  return Array.from({ length: runs }, () => once).flat();
}

test("librdkafka's committed transactions are read whole, and its aborted ones not at all, also after a restart", async () => {
  expect(await committed("transfers")).toEqual(expected(1));
  const { logDirectory } = broker;
  await broker.kill();
  broker = await startBroker({ logDirectory });
  expect(await committed("transfers")).toEqual(expected(2));
}, 120_000);

test(
  `librdkafka transforms every record exactly once in ${transactions} transactions, while the broker is killed ${kills} times`,
  () => transformThroughKills((words) => [pythonWithClients(), transform, ...words]),
  TRANSFORM_TIMEOUT_MS,
);
