/**
 * Records what Apache Kafka does in the scenarios: `bun test/unit/group/classic/kafka/record.ts PORT` writes
 * test/fixtures/group/classic.json. The broker has to have the configs of scenarios.ts and offsets.topic.replication.factor=1.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../../src/protocol/messages/find-coordinator.ts";
import { RawClient } from "../../../../support/raw-client.ts";
import { converse, type Noted, type Side } from "./conversation.ts";
import { scenarios } from "./scenarios.ts";

/** So that a broker can be asked more than once. */
const run = crypto.randomUUID();
const port = Number(process.argv[2]);
const path = join(import.meta.dir, "../../../../fixtures/group/classic.json");

const side: Side = {
  async send({ request, response }, version, body) {
    const client = await RawClient.connect(port);
    try {
      return await client.request(request, response, version, body as never);
    } finally {
      client.close();
    }
  },
  pass: (ms) => Bun.sleep(ms),
};

/** Until the broker has made its topic. */
async function ready(): Promise<void> {
  for (;;) {
    const client = await RawClient.connect(port);
    const answer = await client.request(FindCoordinatorRequest, FindCoordinatorResponse, 2, {
      key: "any",
      keyType: 0,
    });
    client.close();
    if (answer.errorCode === 0) return;
    await Bun.sleep(200);
  }
}

await ready();
await Bun.sleep(2_000);
const noted: Record<string, Noted[]> = {};
await Promise.all(
  scenarios.map(async (scenario, i) => {
    noted[scenario.name] = await converse(side, scenario, `group-${run}-${i}`);
  }),
);
const text = scenarios.map(({ name }) => {
  const lines = (noted[name] ?? []).map((step) => `  ${JSON.stringify(step)}`);
  return ` ${JSON.stringify(name)}: [\n${lines.join(",\n")}\n ]`;
});
writeFileSync(path, `{\n${text.join(",\n")}\n}\n`);
process.exit(0);
