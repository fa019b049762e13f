import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { join } from "node:path";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../src/protocol/messages/describe-transactions.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../../support/broker-process.ts";
import { type ClientProgram, compileJava, startProgram } from "../../support/client-program.ts";
import { committedValues, createTopic } from "../../support/client-topics.ts";
import { runCommand } from "../../support/command-run.ts";
import { RawClient } from "../../support/raw-client.ts";
import { requires } from "../../support/requirements.ts";
import { kills, TRANSFORM_TIMEOUT_MS, transactions, transformThroughKills } from "./transform.ts";

const { test, missing } = requires("javac", "kafka");

let command: ReturnType<typeof compileJava>;
let broker: BrokerProcess | undefined;
const programs: ClientProgram[] = [];
beforeAll(() => {
  if (missing !== null) return;
  const sources = ["Clients", "CommitAndAbort", "Fencing", "Transform"];
  command = compileJava(
    sources.map((name) => join(import.meta.dir, "java", `${name}.java`)),
    "libs-tools",
  );
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill()));
  await broker?.kill();
});
afterAll(removeTemporaryFolders);

function start(className: string, port: number, ...words: readonly string[]): ClientProgram {
  const program = startProgram(command(className, [`127.0.0.1:${port}`, ...words]));
  programs.push(program);
  return program;
}

/** A log directory whose metadata says which `transaction.version` is in force. */
async function directoryAt(transactionVersion: number): Promise<string> {
  const directory = join(temporaryFolder(), "data");
  const level = ["--feature", `transaction.version=${transactionVersion}`];
  await runCommand("format", "--override", `log.dirs=${directory}`, ...level);
  return directory;
}

async function epochOf(client: RawClient, transactionalId: string): Promise<number | undefined> {
  const described = await client.request(DescribeTransactionsRequest, DescribeTransactionsResponse, 0, {
    transactionalIds: [transactionalId],
  });
  return described.transactionStates[0]?.producerEpoch;
}

describe("the Java producer", () => {
  // Epochs that the producer has in the end: from version 2 on every end raises it.
  for (const [transactionVersion, epoch] of [
    [0, 0],
    [1, 0],
    [2, 9],
  ] as const) {
    test(`commits and aborts with transaction.version ${transactionVersion}, where its epoch ends as ${epoch}`, async () => {
      broker = await startBroker({ logDirectory: await directoryAt(transactionVersion) });
      const client = await RawClient.connect(broker.port);
      await createTopic(client, "written", 3);
      const said = await start("CommitAndAbort", broker.port, "written", "9").finished();
      expect(said).toHaveLength(36);
      expect((await committedValues(client, "written", 3)).sort()).toEqual([...said].sort());
      expect(await epochOf(client, "written-writer")).toBe(epoch);
    }, 60_000);
  }

  test("is fenced by a newer one with the same transactional id, whose transaction stands", async () => {
    broker = await startBroker();
    const client = await RawClient.connect(broker.port);
    await createTopic(client, "fenced");
    const said = await start("Fencing", broker.port, "fenced").finished();
    expect(said).toEqual(["older ProducerFencedException", "newer committed"]);
    expect(await committedValues(client, "fenced", 1)).toEqual(["newer"]);
  }, 60_000);

  test(
    `transforms every record exactly once in ${transactions} transactions, while the broker is killed ${kills} times`,
    () => transformThroughKills((words) => command("Transform", words)),
    TRANSFORM_TIMEOUT_MS,
  );
});
