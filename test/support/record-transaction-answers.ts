/**
 * Records what Apache Kafka answers: `bun test/support/record-transaction-answers.ts PORT` holds the conversation of
 * test/unit/api/transactions/as-kafka with a fresh broker on that port of 127.0.0.1, which has a topic `t` of three
 * partitions and one partition in each coordinator's topic (`transaction.state.log.num.partitions=1`,
 * `offsets.topic.num.partitions=1`), and writes the answers to test/fixtures/transaction/answers.json.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../src/protocol/messages/find-coordinator.ts";
import { type Ask, Conversation } from "../unit/api/transactions/as-kafka/conversation.ts";
import { converse } from "../unit/api/transactions/as-kafka/scenario.ts";
import { RawClient } from "./raw-client.ts";

const path = join(import.meta.dir, "../fixtures/transaction/answers.json");

const [port] = process.argv.slice(2);
if (port === undefined) throw new Error("usage: record-transaction-answers.ts PORT");

const client = await RawClient.connect(Number(port));
const ask: Ask = ([request, response], version, body) => client.request(request, response, version, body);
const wait = (ms: number) => Bun.sleep(ms);
const warmUp = new Conversation(ask, wait);
for (const keyType of [0, 1]) {
  const coordinator = [FindCoordinatorRequest, FindCoordinatorResponse] as const;
  await warmUp.ask("coordinator", coordinator, 4, { keyType, coordinatorKeys: ["a"] });
}
await Bun.sleep(1000);
const conversation = new Conversation(ask, wait);
await converse(conversation);
client.close();
const lines = Object.entries(conversation.notes).map(
  ([step, answer]) => `${JSON.stringify(step)}: ${JSON.stringify(answer)}`,
);
writeFileSync(path, `{\n${lines.join(",\n")}\n}\n`);
