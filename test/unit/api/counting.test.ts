/**
 * What is counted of requests: each once, whatever becomes of it.
 */
import { beforeEach, describe, expect, test } from "bun:test";
import { apiVersions } from "../../../src/api/api-versions.ts";
import { fetch } from "../../../src/api/fetch/fetch.ts";
import { produce } from "../../../src/api/produce/produce.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { batchOf } from "../../support/batches.ts";
import { partitionFrom } from "./fetch/support.ts";

let broker: TestBroker;
beforeEach(() => {
  broker = new TestBroker([produce, fetch, apiVersions]);
});

function ask(topic: string, records: Buffer | null, acks = -1) {
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
  return broker.ask([ProduceRequest, ProduceResponse], 12, {
    ...{ transactionalId: null, acks, timeoutMs: 1000, topicData },
  });
}

const read = (topic: string, fetchOffset: bigint, maxWaitMs = 0) =>
  partitionFrom(broker, topic, { fetchOffset }, { maxWaitMs });

const traffic = (topic: string) => broker.parts.metrics.topics.of(topic);
const counters = (name: string) => broker.parts.metrics.requests?.all().find((one) => one.name === name);
function errors(name: string): Record<number, number> {
  const { successes = 0, errors = [] } = counters(name) ?? {};
  const found = Object.fromEntries(errors);
  return successes > 0 ? { [ErrorCode.NONE]: successes, ...found } : found;
}

describe("Of a produce", () => {
  test("records and bytes are counted for the topic", async () => {
    broker.createTopic("a");
    const batch = batchOf(["1", "2", "3"]);
    const { length } = batch;
    await ask("a", batch);

    expect(traffic("a")).toMatchObject({ messagesIn: 3, bytesIn: length, produceRequests: 1 });
    expect(traffic("a").failedProduceRequests).toBe(0);
    expect(errors("Produce")).toEqual({ [ErrorCode.NONE]: 1 });
  });

  test("that wants no answer all of it is counted, too", async () => {
    broker.createTopic("a");
    await ask("a", batchOf(["1"]), 0);

    expect(traffic("a")).toMatchObject({ messagesIn: 1, produceRequests: 1 });
    expect(counters("Produce")?.totalTime.count).toBe(1);
  });

  test("that is refused nothing came in, and a failure is what no client could have known", async () => {
    broker.createTopic("a", { configs: { "max.message.bytes": "100" } });
    const large = batchOf(["x".repeat(1000)]);
    await ask("a", large);
    await ask("a", null);

    expect(traffic("a")).toMatchObject({ messagesIn: 0, bytesIn: 0, produceRequests: 2 });
    expect(traffic("a").failedProduceRequests).toBe(1);
    expect(traffic("a").bytesRejected).toBe(large.length);
    expect(errors("Produce")).toEqual({ [ErrorCode.MESSAGE_TOO_LARGE]: 1, [ErrorCode.INVALID_RECORD]: 1 });
  });

  test("to a topic that there isn't, no topic of that name is told", async () => {
    await ask("nowhere", batchOf(["1"]));

    expect([...broker.parts.metrics.topics.byTopic()]).toEqual([]);
    expect(broker.parts.metrics.topics.total()).toMatchObject({
      produceRequests: 1,
      failedProduceRequests: 0,
    });
  });
});

describe("Of a fetch", () => {
  test("the bytes that it brings are counted for the topic", async () => {
    broker.createTopic("a");
    const batch = batchOf(["1", "2"]);
    await ask("a", batch);
    await read("a", 0n);

    expect(traffic("a")).toMatchObject({ bytesOut: batch.length, fetchRequests: 1, failedFetchRequests: 0 });
  });

  test("beyond the log's end the error is counted, and it is no failure", async () => {
    broker.createTopic("a");
    await read("a", 7n);

    expect(traffic("a")).toMatchObject({ bytesOut: 0, fetchRequests: 1, failedFetchRequests: 0 });
    expect(errors("Fetch")).toEqual({ [ErrorCode.NONE]: 1, [ErrorCode.OFFSET_OUT_OF_RANGE]: 1 });
  });

  test("of names that clients think of, no topic is told", async () => {
    await read("nowhere", 0n);

    expect([...broker.parts.metrics.topics.byTopic()]).toEqual([]);
    expect(broker.parts.metrics.topics.total().fetchRequests).toBe(1);
  });

  test("that something went wrong with that nobody foresaw is a failure", async () => {
    broker.createTopic("a");
    broker.breakTopic("a");
    await read("a", 0n);

    expect(traffic("a")).toMatchObject({ fetchRequests: 1, failedFetchRequests: 1 });
    expect(errors("Fetch")).toMatchObject({ [ErrorCode.UNKNOWN_SERVER_ERROR]: 1 });
  });

  test("that waits, the waiting is in the whole time, and not in that of work", async () => {
    broker.createTopic("a");
    const answered = read("a", 0n, 10_000);
    await Promise.resolve();

    expect(counters("Fetch")).toMatchObject({ totalTime: { count: 0 }, localTime: { count: 1 } });
    await ask("a", batchOf(["1"]));
    await answered;
    expect(counters("Fetch")).toMatchObject({ totalTime: { count: 1 }, localTime: { count: 1 } });
  });
});

test("requests are counted by version, with the bytes of requests and answers", async () => {
  broker.createTopic("a");
  await ask("a", batchOf(["1"]));
  await ask("a", batchOf(["1"]));

  expect(counters("Produce")?.byVersion[12]).toBe(2);
  expect(counters("Produce")?.requestBytes).toBeGreaterThan(100);
  expect(counters("Produce")?.responseBytes).toBeGreaterThan(20);
});
