import { beforeEach, describe, expect, test } from "bun:test";
import { DelayedFetches } from "../../../../src/api/fetch/delayed-fetches.ts";
import { fetch } from "../../../../src/api/fetch/fetch.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { buildEndTransactionMarker } from "../../../../src/records/control.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";
import { TestConnection } from "../../../support/dispatch-client.ts";
import { type Asked, fetchFrom } from "./support.ts";

const MAX_WAIT_MS = 500;
const { length: SIZE } = batchOf(["x"]);

let broker: TestBroker;
/** Timers that run whether anybody waits or not. */
let timersBefore: number;

beforeEach(() => {
  broker = new TestBroker([fetch]);
  broker.createTopic("a", { partitions: 2 });
  for (const partition of [0, 1]) broker.log("a", partition);
  // Partitions are made durable a little after they have begun.
  broker.clock.advance(1000);
  timersBefore = broker.clock.pending;
});

function append(partition = 0, batch = batchOf(["x"])): void {
  broker.log("a", partition).append(batch, { leaderEpoch: 0, origin: "client" });
}

/** Lets everything run that is due now. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Fetches both partitions, and waits. */
async function wait(asked: Asked = {}) {
  const state: { answer?: Awaited<ReturnType<typeof fetchFrom>> } = {};
  const topics = { a: [{ partition: 0 }, { partition: 1 }] };
  const answered = fetchFrom(broker, { maxWaitMs: MAX_WAIT_MS, topics, ...asked });
  answered.then((answer) => {
    state.answer = answer;
  });
  await turn();
  return state;
}

/** How many bytes of records an answer has of each partition. */
function sizes({ answer }: Awaited<ReturnType<typeof wait>>): (number | undefined)[] | undefined {
  return answer?.responses.flatMap(({ partitions }) => partitions.map(({ records }) => records?.length));
}

function nobodyWaits(): void {
  expect(broker.parts.delayedFetches.size).toBe(0);
  expect(broker.connection.listenerCount).toBe(0);
  expect(broker.clock.pending).toBe(timersBefore);
}

describe("A fetch that finds nothing", () => {
  test("is answered when its time is up, and not before", async () => {
    const fetched = await wait();
    broker.clock.advance(MAX_WAIT_MS - 1);
    await turn();
    expect(fetched.answer).toBeUndefined();
    expect(broker.parts.delayedFetches.size).toBe(1);
    broker.clock.advance(1);
    await turn();
    expect(sizes(fetched)).toEqual([0, 0]);
    nobodyWaits();
  });

  test("is answered by an append, with what was appended", async () => {
    const fetched = await wait();
    append(1);
    await turn();
    expect(sizes(fetched)).toEqual([0, SIZE]);
    nobodyWaits();
  });

  test("is answered once, with all that a burst of appends brought", async () => {
    const fetched = await wait();
    append(1);
    append(0);
    append(1);
    await turn();
    expect(sizes(fetched)).toEqual([SIZE, 2 * SIZE]);
  });

  test.each([0, -1])("is answered at once when it wants to wait %d ms", async (maxWaitMs) => {
    expect(sizes(await wait({ maxWaitMs }))).toEqual([0, 0]);
  });

  test("is answered at once when it wants no bytes", async () => {
    expect(sizes(await wait({ minBytes: 0 }))).toEqual([0, 0]);
  });

  test("is answered when a topic goes away, and says so", async () => {
    const fetched = await wait();
    broker.deleteTopic("a");
    await turn();
    expect(fetched.answer?.responses[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(broker.parts.delayedFetches.size).toBe(0);
  });

  test("is answered with what there is when the broker shuts down", async () => {
    const fetched = [await wait(), await wait({ minBytes: 1000 })];
    broker.parts.delayedFetches.completeAll();
    await turn();
    expect(fetched.map(sizes)).toEqual([
      [0, 0],
      [0, 0],
    ]);
    nobodyWaits();
  });
});

describe("A fetch that finds too little", () => {
  test("waits until all partitions together have enough", async () => {
    append(0);
    const fetched = await wait({ minBytes: 3 * SIZE });
    append(1);
    await turn();
    expect(fetched.answer).toBeUndefined();
    append(0);
    await turn();
    expect(sizes(fetched)).toEqual([2 * SIZE, SIZE]);
    nobodyWaits();
  });

  test("counts each record once", async () => {
    append(0);
    const fetched = await wait({ minBytes: 4 * SIZE });
    for (let count = 0; count < 2; count++) {
      append(0);
      await turn();
    }
    expect(fetched.answer).toBeUndefined();
    append(0);
    await turn();
    expect(sizes(fetched)).toEqual([4 * SIZE, 0]);
  });

  test("counts no more of a partition than it asked for", async () => {
    const topics = { a: [{ partition: 0, partitionMaxBytes: SIZE }, { partition: 1 }] };
    const fetched = await wait({ minBytes: 2 * SIZE, topics });
    append(0);
    append(0);
    await turn();
    expect(fetched.answer).toBeUndefined();
    append(1);
    await turn();
    expect(sizes(fetched)).toEqual([SIZE, SIZE]);
  });

  test("brings what it found when its time is up", async () => {
    append(0);
    const fetched = await wait({ minBytes: 3 * SIZE });
    broker.clock.advance(MAX_WAIT_MS);
    await turn();
    expect(sizes(fetched)).toEqual([SIZE, 0]);
  });

  test("doesn't wait for more than it may bring", async () => {
    append(0);
    expect(sizes(await wait({ minBytes: 1_000_000, maxBytes: SIZE }))).toEqual([SIZE, 0]);
  });
});

describe("A fetch of committed records", () => {
  test("waits for the end of the transaction", async () => {
    const fetched = await wait({ isolationLevel: 1 });
    append(0, batchOf(["x"], { transactional: true, producerId: 5n, producerEpoch: 0, baseSequence: 0 }));
    await turn();
    expect(fetched.answer).toBeUndefined();
    const commit = buildEndTransactionMarker({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      timestamp: broker.clock.now(),
      producerId: 5n,
      producerEpoch: 0,
      result: "commit",
      coordinatorEpoch: 0,
    });
    broker.log("a").append(commit, { leaderEpoch: 0, origin: "coordinator" });
    await turn();
    expect(sizes(fetched)).toEqual([SIZE + commit.length, 0]);
  });
});

describe("A client that goes away", () => {
  test("is not answered, and nothing of its fetch stays", async () => {
    const fetched = await wait();
    broker.connection.close();
    await turn();
    expect(fetched.answer).toBeNull();
    nobodyWaits();
    append(0);
  });

  test("before its fetch could wait leaves nothing either", async () => {
    const connection = new TestConnection();
    connection.close();
    expect((await wait({ connection })).answer).toBeNull();
    nobodyWaits();
  });

  test("right after an append is not answered", async () => {
    const fetched = await wait();
    append(0);
    broker.connection.close();
    await turn();
    expect(fetched.answer).toBeNull();
  });
});

describe("Fetches beyond the limit of partitions", () => {
  test("don't wait", async () => {
    const fetches = new DelayedFetches(broker.clock, 3);
    const ended: string[] = [];
    const start = (name: string, partitions: number) => {
      const logs = new Array<undefined>(partitions).fill(undefined);
      const awaited = { logs, maxWaitMs: 10, connection: broker.connection, hasEnough: () => false };
      fetches.wait(awaited).then((isToBeAnswered) => ended.push(`${name} ${isToBeAnswered}`));
    };
    start("of two", 2);
    start("of two more", 2);
    start("of one", 1);
    start("of none", 0);
    await turn();
    expect(ended).toEqual(["of two more true", "of none true"]);
    broker.clock.advance(10);
    await turn();
    expect(ended.slice(2)).toEqual(["of two true", "of one true"]);
    start("of three", 3);
    await turn();
    expect(ended.length).toBe(4);
  });
});

describe("A fetch session whose request waits", () => {
  test("answers it as overtaken when the next one comes", async () => {
    const topics = { a: [{ partition: 0 }] };
    const { sessionId = 0 } = (await fetchFrom(broker, { sessionEpoch: 0, topics })) ?? {};
    const overtaken = await wait({ sessionId, sessionEpoch: 1, topics: {} });
    const next = await wait({ sessionId, sessionEpoch: 2, topics: {} });
    append(0);
    await turn();
    expect(overtaken.answer).toMatchObject({
      errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH,
      sessionId,
      responses: [],
    });
    expect(sizes(next)).toEqual([SIZE]);
  });
});
