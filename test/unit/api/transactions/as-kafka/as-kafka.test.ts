import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TransactionBroker } from "../../../../support/transaction-broker.ts";
import { type Ask, Conversation, type Notes } from "./conversation.ts";
import { converse } from "./scenario.ts";

const RECORDED = join(import.meta.dir, "../../../../fixtures/transaction/answers.json");

test("Requests about transactions are answered as Apache Kafka 4.4.0 answers them, one after the other", async () => {
  const broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  const ask: Ask = (messages, version, body) => broker.ask(messages, version, body);
  const conversation = new Conversation(ask, async (ms) => broker.clock.advance(ms));
  await converse(conversation);
  const recorded: Notes = JSON.parse(readFileSync(RECORDED, "utf8"));
  expect(Object.keys(conversation.notes)).toEqual(Object.keys(recorded));
  const wrong = Object.entries(recorded).flatMap(([step, told]) => {
    const ours = conversation.notes[step];
    return JSON.stringify(ours) === JSON.stringify(told) ? [] : [{ step, ours, kafka: told }];
  });
  expect(wrong).toEqual([]);
});
