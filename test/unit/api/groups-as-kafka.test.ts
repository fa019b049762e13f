import { expect, test } from "bun:test";
import type { Encodable } from "../../../src/protocol/schema.ts";
import { type Ask, GroupConversation, groupSteps } from "../../support/group-answers.ts";
import { GroupBroker } from "../../support/group-broker.ts";
import type { Json } from "../../support/kafka-answers.ts";

/** Kafka answers in the order of its hash tables. */
function withoutOrder(value: Json | undefined): Json {
  if (Array.isArray(value)) {
    const elements = value.map(withoutOrder);
    return elements.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (value === null || value === undefined || typeof value !== "object") return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutOrder(inner)]));
}

test("Requests about groups are answered as Apache Kafka 4.4.0 answers them, one after the other", async () => {
  const broker = await GroupBroker.start();
  const ask: Ask = ({ request, response }, version, body) => {
    const answer = broker.ask([request, response], version, body as Encodable<typeof request>);
    // A join waits for others who may come, even if no time at all.
    broker.clock.advance(1);
    return answer;
  };
  const conversation = new GroupConversation(ask);
  const wrong: object[] = [];
  for (const step of groupSteps()) {
    const answer = withoutOrder(await conversation.answer(step));
    const recorded = withoutOrder(step.response);
    if (step.response !== undefined && JSON.stringify(answer) !== JSON.stringify(recorded)) {
      wrong.push({ step: `${step.step}: ${step.api} v${step.version}`, answer, recorded });
    }
  }
  expect(wrong).toEqual([]);
});
