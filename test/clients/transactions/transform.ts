/**
 * Exactly once, whatever the client: a program reads a topic, writes each record to another in transactions that take
 * its group's offsets along, and the broker is killed while it does so.
 *
 * The program is given the broker's address, both topics, and how many records there are; it does ten at most in a
 * transaction, and prints `committed N` after each, and `transactions N` in the end.
 */
import { expect } from "bun:test";
import { type BrokerProcess, freePort, startBroker } from "../../support/broker-process.ts";
import { type ClientProgram, startProgram } from "../../support/client-program.ts";
import { committedValues, createTopic, writeValues } from "../../support/client-topics.ts";
import { committedOffsets } from "../../support/committed-offsets.ts";
import { eventually } from "../../support/eventually.ts";
import { RawClient } from "../../support/raw-client.ts";

/** The long form, with HOUSKA_TEST_LONG in the environment, is for a developer who has changed something here. */
const isLong = process.env.HOUSKA_TEST_LONG !== undefined;
export const transactions = isLong ? 1000 : 200;
export const kills = isLong ? 5 : 2;
export const TRANSFORM_TIMEOUT_MS = 300_000;

const AT_A_TIME = 10;
const FROM_PARTITIONS = 4;
const TO_PARTITIONS = 3;
const PER_PARTITION = (transactions * AT_A_TIME) / FROM_PARTITIONS;
const PROGRESS_DEADLINE_MS = 60_000;

/** Runs the program, kills the broker again and again, and looks at what lies there in the end. */
export async function transformThroughKills(
  commandOf: (words: readonly string[]) => readonly string[],
): Promise<void> {
  const port = await freePort();
  let broker: BrokerProcess = await startBroker({ port });
  const { logDirectory } = broker;
  let program: ClientProgram | undefined;
  try {
    const written = await writeInput(port);
    const transform = startProgram(commandOf([`127.0.0.1:${port}`, "from", "to", String(written.length)]));
    program = transform;
    const committed = () => Number(transform.lines().at(-1)?.split(" ")[1] ?? 0);
    for (let kill = 1; kill <= kills; kill++) {
      const enough = (written.length * kill) / (kills + 1);
      await eventually(() => {
        if (committed() < enough) throw new Error(`${committed()} so far\n${transform.complaint()}`);
      }, PROGRESS_DEADLINE_MS);
      await broker.kill();
      broker = await startBroker({ port, logDirectory });
    }
    const said = await transform.finished();
    expect(Number(said.at(-1)?.split(" ")[1])).toBeGreaterThanOrEqual(transactions);
    await expectExactlyOnce(port, written);
  } finally {
    await program?.kill();
    await broker.kill();
  }
}

async function writeInput(port: number): Promise<string[]> {
  const client = await RawClient.connect(port);
  await createTopic(client, "from", FROM_PARTITIONS);
  await createTopic(client, "to", TO_PARTITIONS);
  const written: string[] = [];
  for (let partition = 0; partition < FROM_PARTITIONS; partition++) {
    const values = Array.from({ length: PER_PARTITION }, (_, index) => `${partition}-${index}`);
    await writeValues(client, "from", partition, values);
    written.push(...values);
  }
  client.close();
  return written;
}

async function expectExactlyOnce(port: number, written: readonly string[]): Promise<void> {
  const client = await RawClient.connect(port);
  const seen = await committedValues(client, "to", TO_PARTITIONS);
  expect(seen.sort()).toEqual(written.map((value) => `seen ${value}`).sort());
  expect(await committedOffsets(client, "from-group")).toEqual(
    Array.from({ length: FROM_PARTITIONS }, (_, partition) => `from-${partition} ${PER_PARTITION}`),
  );
  client.close();
}
