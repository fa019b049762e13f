import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../src/protocol/messages/find-coordinator.ts";
import { GroupBroker } from "../../../support/group-broker.ts";
import { converse, type Noted, type Side } from "./kafka/conversation.ts";
import { CONFIGS, scenarios } from "./kafka/scenarios.ts";

const fixture = join(import.meta.dir, "../../../fixtures/group/classic.json");
const recorded: Record<string, Noted[]> = JSON.parse(readFileSync(fixture, "utf8"));

/** Lets handlers answer whom they have let wait. */
async function answersAreOut(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  "as with Apache Kafka 4.4.0: %s",
  async (name, scenario) => {
    const broker = await GroupBroker.start({ configs: CONFIGS });
    await broker.ask([FindCoordinatorRequest, FindCoordinatorResponse], 2, { key: "group", keyType: 0 });
    const side: Side = {
      send: ({ request, response }, version, body) => broker.ask([request, response], version, body as never),
      async pass(ms) {
        await answersAreOut();
        broker.clock.advance(ms);
        await answersAreOut();
      },
    };
    expect(await converse(side, scenario, "group")).toEqual(recorded[name] ?? []);
    await broker.stop();
  },
);
