import { expect, test } from "bun:test";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll } from "../support/offset-requests.ts";

async function start(): Promise<GroupBroker> {
  const broker = await GroupBroker.start();
  broker.createTopic("t", 2);
  broker.createTopic("u");
  for (const group of ["g", "h"]) await lookFor(broker, group);
  return broker;
}

test("With a topic go the offsets that any group has committed for it, loaded or not", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1, "t-1": 2, "u-0": 3 });
  await commit(broker, "h", { "t-0": 4 });
  const again = await broker.restart();
  again.deleteTopic("t");
  expect(await fetchAll(again, "g")).toEqual({ "u-0": 3n });
  expect(await fetchAll(again, "h")).toEqual({});
  again.createTopic("t", 2);
  expect(await fetchAll(await again.restart(), "g")).toEqual({ "u-0": 3n });
});

test("When the groups' topic itself is deleted, groups begin anew", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1 });
  broker.deleteTopic("__consumer_offsets");
  broker.logs.delete("__consumer_offsets", Array(50).keys());
  expect(await fetchAll(broker, "g")).toBe("NOT_COORDINATOR");
  await lookFor(broker, "g");
  expect(await fetchAll(broker, "g")).toEqual({});
});
