import { expect, test } from "bun:test";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll, joinAlone } from "../support/offset-requests.ts";

const MINUTE_MS = 60_000;

async function start(): Promise<GroupBroker> {
  const broker = await GroupBroker.start({
    configs: ["offsets.retention.minutes=60", "offsets.retention.check.interval.ms=60000"],
  });
  broker.createTopic("t", 2);
  broker.createTopic("u");
  await lookFor(broker, "g");
  return broker;
}

const groupIds = (broker: GroupBroker) =>
  broker.groups.listGroups({ states: [], types: [] }).map(({ groupId }) => groupId);

test("Offsets without members expire one by one when they have been kept for long enough, the group with the last", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1 });
  broker.clock.advance(30 * MINUTE_MS);
  await commit(broker, "g", { "t-1": 2 });
  broker.clock.advance(29 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 1n, "t-1": 2n });
  broker.clock.advance(2 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({ "t-1": 2n });
  broker.clock.advance(30 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({});
  expect(groupIds(broker)).toEqual([]);
  expect(groupIds(await broker.restart())).toEqual([]);
});

test("Of a group with members only topics that nobody is subscribed to any more expire", async () => {
  const broker = await start();
  const { memberId, generationId } = await joinAlone(broker, "g", ["t"]);
  const options = { memberId, generationIdOrMemberEpoch: generationId };
  await commit(broker, "g", { "t-0": 1, "u-0": 2 }, options);
  for (let minute = 0; minute < 62 * 8; minute++) {
    broker.clock.advance(MINUTE_MS / 8);
    await commit(broker, "g", { "t-1": minute }, options);
  }
  expect(await fetchAll(broker, "g")).toMatchObject({ "t-0": 1n });
  expect(Object.keys(await fetchAll(broker, "g"))).not.toContain("u-0");
});

test("The offsets of a group that has lost its members are kept from then on", async () => {
  const broker = await start();
  const { memberId, generationId } = await joinAlone(broker, "g", ["t"]);
  await commit(broker, "g", { "t-0": 1 }, { memberId, generationIdOrMemberEpoch: generationId });
  // The session expires, and the group is empty from now on.
  broker.clock.advance(10_001);
  broker.clock.advance(59 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 1n });
  broker.clock.advance(3 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({});
  expect(groupIds(broker)).toEqual([]);
});

test("A commit of the versions 2 to 4 may say for how long it is kept", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1 }, { version: 4, retentionTimeMs: 5 * MINUTE_MS });
  await commit(broker, "g", { "t-1": 2 }, { version: 4, retentionTimeMs: 600 * MINUTE_MS });
  broker.clock.advance(4 * MINUTE_MS);
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 1n, "t-1": 2n });
  const again = await broker.restart();
  await lookFor(again, "g");
  again.clock.advance(2 * MINUTE_MS);
  expect(await fetchAll(again, "g")).toEqual({ "t-1": 2n });
  again.clock.advance(90 * MINUTE_MS);
  expect(await fetchAll(again, "g")).toEqual({ "t-1": 2n });
});

test("Groups that nobody asks for after a restart expire all the same", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1 });
  const again = await broker.restart();
  again.clock.advance(62 * MINUTE_MS);
  const written = again.logged.filter((line) => line.includes("expired"));
  expect(written).toHaveLength(1);
});

test("A group that was only joined, and left, goes at the next look", async () => {
  const broker = await start();
  await joinAlone(broker, "g", ["t"]);
  broker.clock.advance(10_001);
  expect(groupIds(broker)).toEqual(["g"]);
  broker.clock.advance(2 * MINUTE_MS);
  expect(groupIds(broker)).toEqual([]);
});
