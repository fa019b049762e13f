import { expect, test } from "bun:test";
import type { TransactionFilter } from "../../../src/transaction/list.ts";
import { TRANSACTION_TOPIC } from "../../../src/transaction/transaction-topic.ts";
import { Bench } from "./support/bench.ts";

function withThree() {
  const bench = new Bench({ topics: { t: 1, [TRANSACTION_TOPIC]: 5 } });
  bench.initNow("idle");
  const open = bench.initNow("open");
  bench.add("open", open, [0]);
  bench.clock.advance(1000);
  const ended = bench.initNow("ended");
  bench.add("ended", ended, [0]);
  bench.endNow("ended", ended, "commit");
  return bench;
}

const ids = (bench: Bench, filter: TransactionFilter) =>
  bench.coordinator
    .list(filter)
    .map(({ transactionalId }) => transactionalId)
    .sort();

test("All ids of all partitions are listed, also those nobody has asked for since the start", () => {
  const bench = withThree();
  expect(ids(bench, {})).toEqual(["ended", "idle", "open"]);
  expect(ids(bench.next(), {})).toEqual(["ended", "idle", "open"]);
});

test("Filters by state, producer, age and id are all to be passed", () => {
  const bench = withThree();
  expect(ids(bench, { states: new Set(["Ongoing", "CompleteCommit"]) })).toEqual(["ended", "open"]);
  expect(ids(bench, { states: new Set() })).toEqual([]);
  expect(ids(bench, { producerIds: new Set([0n, 7n]) })).toEqual(["idle"]);
  expect(ids(bench, { longerThanMs: 999, states: new Set(["Ongoing"]) })).toEqual(["open"]);
  expect(ids(bench, { longerThanMs: 1000, states: new Set(["Ongoing"]) })).toEqual([]);
  expect(ids(bench, { matches: (id) => id.startsWith("e") })).toEqual(["ended"]);
});

test("When the topic is deleted, its ids are gone", () => {
  const bench = withThree();
  const topic = bench.image.topicByName(TRANSACTION_TOPIC);
  if (topic === undefined) throw new Error("no topic");
  bench.logs.delete(
    TRANSACTION_TOPIC,
    topic.partitions.map(({ index }) => index),
  );
  bench.change({
    createdTopics: [],
    deletedTopics: [topic],
    newPartitions: [],
    changedPartitions: [],
    changedConfigs: [],
    featuresChanged: false,
    securityChanged: false,
  });
  expect(ids(bench, {})).toEqual([]);
});
