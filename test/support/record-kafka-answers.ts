/**
 * Records what Apache Kafka answers: `bun test/support/record-kafka-answers.ts PORT NAME` sends the requests of
 * test/fixtures/api/NAME.json to a fresh broker on that port of 127.0.0.1, and writes the answers beside them. Format
 * its directory with `--feature eligible.leader.replicas.version=0`, or every answer about configs is about
 * min.insync.replicas, too.
 */
import type { Encodable } from "../../src/protocol/schema.ts";
import {
  definitionsOf,
  type Json,
  Placeholders,
  type RecordedStep,
  recordedSteps,
  writeRecordedSteps,
} from "./kafka-answers.ts";
import { RawClient } from "./raw-client.ts";

/** Kafka may forget to answer: it logs an exception, and the client waits for ever. */
const SILENCE_MS = 5000;
/** A broker learns what the controller did a moment after the client does. */
const SETTLE_MS = 300;

async function answerTo(port: number, step: RecordedStep, placeholders: Placeholders): Promise<Json> {
  const { request, response } = definitionsOf(step.api);
  const body = placeholders.toValues(step.request) as Encodable<typeof request>;
  const client = await RawClient.connect(port);
  try {
    const answered = client.request(request, response, step.version, body);
    answered.catch(() => {});
    const heard = await Promise.race([answered, Bun.sleep(SILENCE_MS).then(() => "silence")]);
    const answer: Json = JSON.parse(JSON.stringify(heard));
    placeholders.learn(answer);
    return withoutTexts(placeholders.toNames(answer), port);
  } catch (error) {
    if (error instanceof Error && error.message.includes("closed")) return "closed";
    throw error;
  } finally {
    client.close();
  }
}

/** Without the port, and without the documentation of configs, which we write in our own words. */
function withoutTexts(answer: Json, port: number): Json {
  const text = JSON.stringify(answer)
    .replaceAll(`"port":${port}`, '"port":"$port"')
    .replaceAll(/"documentation":"(?:[^"\\]|\\.)+"/g, '"documentation":"$documentation"');
  return JSON.parse(text);
}

const [port, ...names] = process.argv.slice(2);
if (port === undefined || names.length === 0) throw new Error("usage: record-kafka-answers.ts PORT NAME...");
for (const name of names) {
  const placeholders = new Placeholders();
  const recorded: RecordedStep[] = [];
  for (const step of recordedSteps(name)) {
    recorded.push({ ...step, response: await answerTo(Number(port), step, placeholders) });
    await Bun.sleep(SETTLE_MS);
  }
  writeRecordedSteps(name, recorded);
}
