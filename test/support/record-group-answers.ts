/**
 * Records what Apache Kafka answers: `bun test/support/record-group-answers.ts PORT` sends the requests of
 * test/fixtures/api/groups.json to a fresh broker on that port of 127.0.0.1, and writes the answers beside them. The
 * broker has group.initial.rebalance.delay.ms=0.
 */
import type { Encodable } from "../../src/protocol/schema.ts";
import { type Ask, GroupConversation, type GroupStep, groupSteps, writeGroupSteps } from "./group-answers.ts";
import { RawClient } from "./raw-client.ts";

/** A broker learns what the controller did a moment after the client does. */
const SETTLE_MS = 100;

const [port] = process.argv.slice(2);
if (port === undefined) throw new Error("usage: record-group-answers.ts PORT");

const ask: Ask = async ({ request, response }, version, body) => {
  const client = await RawClient.connect(Number(port));
  try {
    return await client.request(request, response, version, body as Encodable<typeof request>);
  } finally {
    client.close();
  }
};

const conversation = new GroupConversation(ask);
const recorded: GroupStep[] = [];
for (const step of groupSteps()) {
  const response = await conversation.answer(step);
  recorded.push(step.api.endsWith("Topics") ? step : { ...step, response });
  await Bun.sleep(SETTLE_MS);
}
writeGroupSteps(recorded);
