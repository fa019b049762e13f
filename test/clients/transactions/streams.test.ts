import { afterAll, afterEach, expect } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../src/protocol/messages/describe-configs.ts";
import {
  type BrokerProcess,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../../support/broker-process.ts";
import { type ClientProgram, compileJava, startProgram } from "../../support/client-program.ts";
import { committedValues, createTopic, writeValues } from "../../support/client-topics.ts";
import { eventually } from "../../support/eventually.ts";
import { SeededRandom } from "../../support/random.ts";
import { RawClient } from "../../support/raw-client.ts";
import { requires } from "../../support/requirements.ts";

const { test } = requires("javac", "kafka", "kafka-streams");

const PARTITIONS = 2;
const LINES_AT_A_TIME = 300;
const vocabulary = Array.from({ length: 40 }, (_, index) => `word${index}`);
const TOPIC_RESOURCE = 2;
const DEADLINE_MS = 60_000;

let broker: BrokerProcess | undefined;
let program: ClientProgram | undefined;
afterEach(async () => {
  await program?.kill();
  await broker?.kill();
});
afterAll(removeTemporaryFolders);

/** Writes lines to every partition, and returns their words. */
async function writeLines(port: number, random: SeededRandom): Promise<string[]> {
  const client = await RawClient.connect(port);
  const words: string[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const lines = Array.from({ length: LINES_AT_A_TIME }, () =>
      Array.from({ length: 5 }, () => vocabulary[random.below(vocabulary.length)] ?? "").join(" "),
    );
    await writeValues(client, "lines", partition, lines);
    words.push(...lines.flatMap((line) => line.split(" ")));
  }
  client.close();
  return words;
}

/** Every count from 1 to how often the word is there, for each word: "word n". */
function everyCount(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return words
    .map((word) => {
      const count = (counts.get(word) ?? 0) + 1;
      counts.set(word, count);
      return `${word} ${count}`;
    })
    .sort();
}

async function counted(port: number): Promise<string[]> {
  const client = await RawClient.connect(port);
  try {
    return (await committedValues(client, "counts", 1)).sort();
  } finally {
    client.close();
  }
}

async function cleanupPolicy(port: number, resourceName: string): Promise<string | null | undefined> {
  const client = await RawClient.connect(port);
  const { results } = await client.request(DescribeConfigsRequest, DescribeConfigsResponse, 4, {
    resources: [{ resourceType: TOPIC_RESOURCE, resourceName, configurationKeys: ["cleanup.policy"] }],
    includeSynonyms: false,
    includeDocumentation: false,
  });
  client.close();
  return results[0]?.configs[0]?.value;
}

test("Kafka Streams counts every word exactly once, though the broker is killed and the counts are restored from their changelog", async () => {
  const java = join(import.meta.dir, "java", "WordCount.java");
  const command = compileJava([java], "libs-streams");
  const port = await freePort();
  broker = await startBroker({ port });
  const { logDirectory } = broker;
  const client = await RawClient.connect(port);
  await createTopic(client, "lines", PARTITIONS);
  await createTopic(client, "counts");
  const random = new SeededRandom(1);
  const words = await writeLines(port, random);
  const state = temporaryFolder();
  const start = () => startProgram(command("WordCount", [`127.0.0.1:${port}`, state]));
  program = start();

  await eventually(async () => expect((await counted(port)).length).toBeGreaterThan(0), DEADLINE_MS);
  // So that there is something to do at the moment of the kill.
  words.push(...(await writeLines(port, random)));
  await broker.kill();
  broker = await startBroker({ port, logDirectory });
  await eventually(async () => expect(await counted(port)).toEqual(everyCount(words)), DEADLINE_MS);
  expect(await cleanupPolicy(port, "word-count-words-repartition")).toBe("delete");
  expect(await cleanupPolicy(port, "word-count-words-changelog")).toBe("compact");

  await program.stop();
  rmSync(state, { recursive: true });
  program = start();
  words.push(...(await writeLines(port, random)));
  await eventually(async () => expect(await counted(port)).toEqual(everyCount(words)), DEADLINE_MS);
}, 240_000);
