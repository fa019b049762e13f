import { afterAll, expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type KafkaProcess, startKafka } from "../support/apache-kafka.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { runCommand } from "../support/command-run.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";
import { type Contents, Traffic } from "../support/traffic.ts";

const { test } = requires("java", "kafka");

let running: BrokerProcess | KafkaProcess | undefined;
afterAll(async () => {
  await running?.kill();
  removeTemporaryFolders();
});

test("a directory goes from Apache Kafka to Houska, back, and to Houska again, with traffic and a kill at each hop, and nothing in it changes on the way", async () => {
  const logDirectory = join(temporaryFolder(), "data");
  mkdirSync(logDirectory);
  let before: Contents | undefined;
  for (const [index, name] of (["kafka", "houska", "kafka", "houska"] as const).entries()) {
    const hop = index + 1;
    running = name === "kafka" ? await startKafka(logDirectory) : await startBroker({ logDirectory });
    const client = await RawClient.connect(running.port);
    if (before !== undefined) {
      expect({ hop, contents: await new Traffic({ client, hop: hop - 1 }).contents() }).toEqual({
        hop,
        contents: before,
      });
    }
    const traffic = new Traffic({ client, hop });
    await traffic.run();
    before = await traffic.contents();
    client.close();
    await running.kill();
    expect(complaintsOf(running)).toEqual([]);
    const { lines } = await runCommand("check", "--deep-iteration", logDirectory);
    expect(lines.filter((line) => line.startsWith("problem"))).toEqual([]);
  }
}, 120_000);

/** What a broker says of logs that it doesn't take for what they are. */
function complaintsOf(broker: BrokerProcess | KafkaProcess): readonly string[] {
  return (
    broker
      .output()
      .match(
        /^.* (WARN|ERROR) .*(UnifiedLog|LogLoader|LogManager|OffsetIndex|TimeIndex|stray|damaged|intact).*$/gim,
      ) ?? []
  );
}
