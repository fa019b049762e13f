import { expect, test } from "bun:test";
import { TopicLogs } from "../../../src/coordinator/topic-logs.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import * as header from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { TestBroker } from "../../support/api-broker.ts";

const TOPIC = "__consumer_offsets";

function bench(partition: { leader?: number; leaderEpoch?: number } = {}) {
  const broker = new TestBroker([]);
  const { image } = broker.parts.metadata;
  const logs = new TopicLogs(TOPIC, () => image, broker.logs, 1);
  return { broker, logs, create: () => broker.createTopic(TOPIC, { partitions: 3, partition }) };
}

const batch = () =>
  buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    baseSequence: 0,
    records: [{ timestamp: 0, key: Buffer.from("k"), value: null }],
  });

test("The topic has as many partitions as the metadata says, and no log until something is written", () => {
  const { broker, logs, create } = bench();
  expect(logs.partitionCount()).toBe(0);
  create();
  expect(logs.partitionCount()).toBe(3);
  expect([...logs.logOf(2).batches()]).toEqual([]);
  expect([...broker.logs.partitions()]).toEqual([]);
  logs.logOf(2).append(batch());
  expect(logs.withLog()).toEqual([2]);
});

test("What is appended has its offset and the leader's epoch, and is read from any offset on", () => {
  const { logs, create } = bench({ leaderEpoch: 7 });
  create();
  const log = logs.logOf(1);
  expect([log.append(batch()), log.append(batch())]).toEqual(
    [
      { firstOffset: 0, flushed: null },
      { firstOffset: 1, flushed: null },
    ].map((appended) => expect.objectContaining(appended)),
  );
  const read = (from?: number) =>
    [...log.batches(from)].map(({ buffer, at }) => [
      header.baseOffset(buffer, at),
      header.partitionLeaderEpoch(buffer, at),
    ]);
  expect(read()).toEqual([
    [0, 7],
    [1, 7],
  ]);
  expect(read(1)).toEqual([[1, 7]]);
});

test("A partition that another broker leads has no coordinator here", () => {
  const { logs, create } = bench({ leader: 2 });
  create();
  expect(() => logs.logOf(0)).toThrow(KafkaError);
  expect(() => logs.logOf(0)).toThrow("This is not the correct coordinator.");
  expect(() => logs.logOf(9)).toThrow("This is not the correct coordinator.");
});
