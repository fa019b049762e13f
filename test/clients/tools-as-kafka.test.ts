/**
 * Our tools print what Kafka 4.3.1's tools printed when they were recorded (test/support/record-tool-runs.ts), command
 * by command against a broker in the same state.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { run } from "../../src/cli/run.ts";
import recordedRuns from "../fixtures/cli/tool-runs.json" with { type: "json" };
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { KeptOutput } from "../support/command-run.ts";
import {
  brokerOptions,
  filledIn,
  inAnyOrder,
  normalized,
  prepare,
  type RecordedRun,
} from "../support/tool-runs.ts";

const recorded: readonly RecordedRun[] = recordedRuns;
const TIMEOUT_MS = 120_000;

let broker: BrokerProcess;
beforeAll(async () => {
  broker = await startBroker(brokerOptions);
  await prepare(broker.port);
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

/** Commands that fail with other words than Kafka's, on purpose or where Kafka's have no order of their own. */
const inOtherWords = new Set([
  "kafka-topics --alter --topic plain --config a=b",
  // Kafka's first line has the words of the command, and the reason is in the trace below.
  "kafka-configs --alter --topic plain --add-config foo=bar",
  "kafka-configs --alter --topic plain --add-config retention.ms=soon",
  // Kafka warns before it looks at what is wrong, and tells of plans for version 5.
  "kafka-consumer-groups --reset-offsets --group g1 --to-earliest",
  "kafka-consumer-groups --reset-offsets --group g1 --topic orders",
  "kafka-consumer-groups --reset-offsets --group g1 --topic orders --to-earliest --to-latest",
  "kafka-consumer-groups --describe",
  "kafka-consumer-groups --list --state odd",
  // Kafka 4.4 knows a metadata.version that isn't released.
  "kafka-features upgrade --release-version 9.9",
  "kafka-transactions describe --transactional-id nope",
]);

/** What a tool says of an error that the broker gives without words is its own: Kafka's, and ours. */
const wordsOfErrors = [
  ["This server does not host this topic-partition.", "There is no such topic or partition."],
  [
    "The requested offset is not within the range of offsets maintained by the server.",
    "The partition has no such offset.",
  ],
  ["The group id does not exist.", "There is no such group."],
] as const;

function inOurWords(kafkas: string): string {
  return wordsOfErrors.reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), kafkas);
}

test(
  "Each command prints what Kafka's tool printed, complains as it did, and ends as it did",
  async () => {
    const folder = temporaryFolder();
    for (const { tool, words, code, output, complaint } of recorded) {
      const ours = await outcome(tool, filledIn(words, broker.port, folder));
      const command = [tool, ...words].join(" ").replace("--bootstrap-server $broker ", "");
      const kafkas = inOurWords(normalized(output, broker.port, broker.logDirectory));
      expect({ command, code: ours.code, output: inAnyOrder(ours.output) }).toEqual({
        ...{ command, code, output: inAnyOrder(kafkas) },
      });
      if (complaint === "" || inOtherWords.has(command)) continue;
      expect({ command, complaint: ours.complaint }).toEqual({ command, complaint: inOurWords(complaint) });
    }
  },
  TIMEOUT_MS,
);

async function outcome(tool: string, words: readonly string[]) {
  const kept = new KeptOutput();
  const code = await run(words, kept, tool);
  const text = kept.lines.map((line) => `${line}\n`).join("");
  const [complaint = ""] = kept.complaints.join("\n").split("\n");
  return {
    code,
    output: normalized(text, broker.port, broker.logDirectory),
    complaint: normalized(complaint, broker.port, broker.logDirectory),
  };
}
