import { beforeEach, describe, expect, test } from "bun:test";
import type { FetchContext } from "../../../../src/api/fetch/contexts.ts";
import type { FetchPartition, PartitionAnswer } from "../../../../src/api/fetch/fetch-partition.ts";
import { nextEpoch } from "../../../../src/api/fetch/session.ts";
import { EVICTION_MS, FetchSessions } from "../../../../src/api/fetch/sessions.ts";
import { decode, encode } from "../../../../src/protocol/codec.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { FetchRequest } from "../../../../src/protocol/messages/fetch.ts";
import { ManualClock } from "../../net/support/manual-clock.ts";

const VERSION = 12;

interface Asked {
  readonly sessionId?: number;
  readonly epoch: number;
  /** Partitions as "topic-index", or "topic-index@offset". */
  readonly ask?: readonly string[];
  readonly forget?: readonly string[];
}

/** A request by topic names, as it is after the wire. */
function request({ sessionId = 0, epoch, ask = [], forget = [] }: Asked) {
  const parse = (text: string) => {
    const [, topic = "", partition, fetchOffset = 0] = /^(.*)-(\d+)@?(\d+)?$/.exec(text) ?? [];
    return { topic, partition: Number(partition), fetchOffset: BigInt(fetchOffset) };
  };
  const body = {
    maxWaitMs: 0,
    minBytes: 0,
    isolationLevel: 0,
    sessionId,
    sessionEpoch: epoch,
    topics: ask.map(parse).map(({ topic, partition, fetchOffset }) => ({
      topic,
      partitions: [{ partition, fetchOffset, partitionMaxBytes: 1000 }],
    })),
    forgottenTopicsData: forget
      .map(parse)
      .map(({ topic, partition }) => ({ topic, partitions: [partition] })),
  };
  return decode(FetchRequest, VERSION, encode(FetchRequest, VERSION, body));
}

interface Found {
  readonly records?: number;
  readonly highWatermark?: number;
  readonly logStartOffset?: number;
  readonly errorCode?: number;
  readonly parted?: boolean;
}

function name({ topicName, index }: FetchPartition): string {
  return `${topicName}-${index}`;
}

/** Answers a request's partitions with what `found` says of each, by name; of others, that nothing is there. */
function answer(context: FetchContext, found: Record<string, Found> = {}) {
  const answers: PartitionAnswer[] = [...context.partitions()].map((target) => {
    const {
      records = 0,
      highWatermark = 0,
      logStartOffset = 0,
      errorCode = 0,
      parted,
    } = found[name(target)] ?? {};
    const response = {
      partitionIndex: target.index,
      errorCode,
      highWatermark: errorCode === 0 ? highWatermark : -1,
      logStartOffset: errorCode === 0 ? logStartOffset : -1,
      records: new Uint8Array(records),
      divergingEpoch: parted ? { epoch: 1, endOffset: 1 } : undefined,
    };
    return { target, response, log: undefined };
  });
  const { errorCode, sessionId, partitions } = context.answer(answers);
  return { errorCode, sessionId, told: partitions.map(({ target }) => name(target)) };
}

const clock = new ManualClock();
let sessions: FetchSessions;

/** Sends a request that names topics by name. */
function ask(asked: Asked): FetchContext {
  return sessions.contextOf(request(asked), false, () => undefined);
}

/** Starts a session over partitions, and returns its id. */
function start(...partitions: string[]): number {
  return answer(ask({ epoch: 0, ask: partitions })).sessionId;
}

beforeEach(() => {
  sessions = new FetchSessions(clock, 1000);
});

describe("A fetch session", () => {
  test("is given to who asks for one, with an id of its own", () => {
    const first = answer(ask({ epoch: 0, ask: ["a-0"] }));
    const second = answer(ask({ epoch: 0, ask: ["a-0"] }));
    expect(first).toMatchObject({ errorCode: 0, told: ["a-0"] });
    expect(first.sessionId).toBeGreaterThan(0);
    expect(second.sessionId).toBeGreaterThan(0);
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(sessions.size).toBe(2);
  });

  test("is not made for who wants none", () => {
    expect(answer(ask({ epoch: -1, ask: ["a-0"] }))).toEqual({ errorCode: 0, sessionId: 0, told: ["a-0"] });
    expect(sessions.size).toBe(0);
  });

  test("takes another id when the first one drawn is taken", () => {
    const drawn = [0.5, 0.5, 0.25];
    sessions = new FetchSessions(clock, 1000, () => drawn.shift() ?? 0);
    expect(start("a-0")).not.toBe(start("b-0"));
  });

  test("remembers the partitions that a request doesn't name", () => {
    const sessionId = start("a-0", "b-0");
    const context = ask({ sessionId, epoch: 1, ask: ["c-0@7"] });
    expect([...context.partitions()].map(name)).toEqual(["a-0", "b-0", "c-0"]);
    expect([...context.partitions()].map(({ fetchOffset }) => fetchOffset)).toEqual([0, 0, 7]);
  });

  test("takes over what a request asks anew, in the partition's place", () => {
    const sessionId = start("a-0", "b-0");
    const context = ask({ sessionId, epoch: 1, ask: ["a-0@5"] });
    expect([...context.partitions()].map((target) => [name(target), target.fetchOffset])).toEqual([
      ["a-0", 5],
      ["b-0", 0],
    ]);
  });

  test("forgets the partitions that a request names as forgotten, after what it adds", () => {
    const sessionId = start("a-0", "b-0");
    const context = ask({ sessionId, epoch: 1, ask: ["c-0"], forget: ["a-0", "c-0", "d-0"] });
    expect([...context.partitions()].map(name)).toEqual(["b-0"]);
  });

  test("ends when it has forgotten all its partitions", () => {
    const sessionId = start("a-0");
    expect(answer(ask({ sessionId, epoch: 1, forget: ["a-0"] }))).toEqual({
      errorCode: 0,
      sessionId: 0,
      told: [],
    });
    expect(sessions.size).toBe(0);
  });

  test("ends when its client says so", () => {
    const sessionId = start("a-0");
    answer(ask({ sessionId, epoch: -1, ask: ["a-0"] }));
    expect(sessions.size).toBe(0);
  });

  test("is replaced when its client starts anew", () => {
    const sessionId = start("a-0");
    const again = answer(ask({ sessionId, epoch: 0, ask: ["b-0"] }));
    expect(again.sessionId).not.toBe(sessionId);
    expect(sessions.size).toBe(1);
    expect(answer(ask({ sessionId, epoch: 1 })).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
  });
});

describe("A fetch session refuses", () => {
  test("a request for a session that isn't there", () => {
    const refused = answer(ask({ sessionId: 77, epoch: 1, ask: ["a-0"] }));
    expect(refused).toEqual({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, told: [] });
  });

  test.each([0x7fffffff, 2, -2])("epoch %d where 1 is due, and goes on with epoch 1", (epoch) => {
    const sessionId = start("a-0");
    const refused = answer(ask({ sessionId, epoch }));
    expect(refused).toEqual({ errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH, sessionId: 0, told: [] });
    expect(answer(ask({ sessionId, epoch: 1 })).errorCode).toBe(0);
  });

  test("topic ids when it was started with names, and names when it was started with ids", () => {
    const byName = start("a-0");
    const refused = sessions.contextOf(request({ sessionId: byName, epoch: 1 }), true, () => undefined);
    expect(answer(refused).errorCode).toBe(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    const byId = answer(sessions.contextOf(request({ epoch: 0, ask: ["a-0"] }), true, () => "a")).sessionId;
    expect(answer(ask({ sessionId: byId, epoch: 1 })).errorCode).toBe(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
  });

  test("the answer to a request that was overtaken by the next", () => {
    const sessionId = start("a-0");
    const overtaken = ask({ sessionId, epoch: 1 });
    const next = ask({ sessionId, epoch: 2 });
    expect(answer(overtaken, { "a-0": { records: 1 } })).toEqual({
      errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH,
      sessionId,
      told: [],
    });
    expect(answer(next, { "a-0": { records: 1 } }).told).toEqual(["a-0"]);
  });
});

describe("An incremental answer", () => {
  test("leaves out a partition that is as it was", () => {
    const sessionId = start("a-0");
    expect(answer(ask({ sessionId, epoch: 1 }))).toEqual({ errorCode: 0, sessionId, told: [] });
  });

  test.each<[string, Found]>([
    ["that has records", { records: 10 }],
    ["whose high watermark moved", { highWatermark: 1 }],
    ["whose log's start moved", { logStartOffset: 1 }],
    ["with an error", { errorCode: 6 }],
    ["whose log parted from the client's", { parted: true }],
  ])("brings a partition %s", (_what, found) => {
    const sessionId = start("a-0", "b-0");
    expect(answer(ask({ sessionId, epoch: 1 }), { "b-0": found }).told).toEqual(["b-0"]);
  });

  test("tells a moved high watermark once", () => {
    const sessionId = start("a-0");
    const moved = { "a-0": { highWatermark: 5 } };
    expect(answer(ask({ sessionId, epoch: 1 }), moved).told).toEqual(["a-0"]);
    expect(answer(ask({ sessionId, epoch: 2 }), moved).told).toEqual([]);
  });

  test("tells of a partition again when its error is gone", () => {
    const sessionId = start("a-0");
    expect(answer(ask({ sessionId, epoch: 1 }), { "a-0": { errorCode: 3 } }).told).toEqual(["a-0"]);
    expect(answer(ask({ sessionId, epoch: 2 })).told).toEqual(["a-0"]);
    expect(answer(ask({ sessionId, epoch: 3 })).told).toEqual([]);
  });

  test("puts partitions that had records behind the others", () => {
    const sessionId = start("a-0", "b-0", "c-0");
    answer(ask({ sessionId, epoch: 1 }), { "a-0": { records: 1 }, "b-0": { highWatermark: 9 } });
    const context = ask({ sessionId, epoch: 2 });
    expect([...context.partitions()].map(name)).toEqual(["b-0", "c-0", "a-0"]);
  });
});

describe("When there is no free slot", () => {
  beforeEach(() => {
    sessions = new FetchSessions(clock, 2);
  });

  test("a session that was used lately stays, and the new client has none", () => {
    start("a-0");
    start("b-0");
    expect(start("c-0", "c-1", "c-2")).toBe(0);
    expect(sessions.size).toBe(2);
  });

  test("the one that nobody used for two minutes goes", () => {
    const unused = start("a-0", "a-1", "a-2");
    const used = start("b-0");
    clock.advance(EVICTION_MS);
    answer(ask({ sessionId: used, epoch: 1 }));
    expect(start("c-0")).toBe(0);
    clock.advance(1);
    expect(start("c-0")).toBeGreaterThan(0);
    expect(answer(ask({ sessionId: unused, epoch: 1 })).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    expect(answer(ask({ sessionId: used, epoch: 2 })).errorCode).toBe(0);
  });

  test("the smallest that isn't new makes room for a larger one only", () => {
    const small = start("a-0", "a-1");
    const large = start("b-0", "b-1", "b-2");
    clock.advance(EVICTION_MS + 1);
    answer(ask({ sessionId: small, epoch: 1 }));
    answer(ask({ sessionId: large, epoch: 1 }));
    expect(start("c-0", "c-1")).toBe(0);
    expect(start("c-0", "c-1", "c-2")).toBeGreaterThan(0);
    expect(answer(ask({ sessionId: small, epoch: 2 })).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    expect(answer(ask({ sessionId: large, epoch: 2 })).errorCode).toBe(0);
  });

  test("of no slots at all, nobody gets one", () => {
    sessions = new FetchSessions(clock, 0);
    expect(answer(ask({ epoch: 0, ask: ["a-0"] }))).toEqual({ errorCode: 0, sessionId: 0, told: ["a-0"] });
  });
});

describe("All sessions together", () => {
  test("hold no more partitions than their limit: then new sessions are not made, and growing ones end", () => {
    sessions = new FetchSessions(clock, 1000, Math.random, 4);
    const growing = start("a-0", "a-1");
    start("b-0", "b-1");
    expect(start("c-0")).toBe(0);
    const refused = answer(ask({ sessionId: growing, epoch: 1, ask: ["a-2"] }));
    expect(refused).toMatchObject({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, told: [] });
    expect(start("c-0", "c-1")).toBeGreaterThan(0);
  });
});

test("Epochs go round without 0, which asks for a new session", () => {
  expect(nextEpoch(0x7fffffff)).toBe(1);
});
