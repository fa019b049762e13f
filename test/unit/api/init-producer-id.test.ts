import { beforeEach, expect, test } from "bun:test";
import { initProducerId } from "../../../src/api/init-producer-id.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../src/protocol/messages/init-producer-id.ts";
import { TestBroker } from "../../support/api-broker.ts";

const NEWEST_SERVED = 5;
const both = [InitProducerIdRequest, InitProducerIdResponse] as const;

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([initProducerId]);
});

interface Asked {
  readonly transactionalId?: string | null;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
}

function ask(asked: Asked = {}, version = NEWEST_SERVED) {
  return broker.ask(both, version, { transactionalId: null, transactionTimeoutMs: 60_000, ...asked });
}

const refused = { producerId: -1n, producerEpoch: -1 };

test("Every producer gets an id of its own and epoch 0, in every version", async () => {
  const ids = new Set<bigint>();
  for (let version = 0; version <= NEWEST_SERVED; version++) {
    const answer = await ask({}, version);
    expect(answer).toMatchObject({ throttleTimeMs: 0, errorCode: 0, producerEpoch: 0 });
    if (answer !== null) ids.add(answer.producerId);
  }
  expect(ids.size).toBe(NEWEST_SERVED + 1);
  expect(initProducerId.served).toEqual({ min: 0, max: NEWEST_SERVED });
});

test("A producer that names the id and epoch it had gets a new id as well", async () => {
  const first = await ask();
  const again = await ask({ producerId: first?.producerId, producerEpoch: 0 });
  expect(again).toMatchObject({ errorCode: 0, producerEpoch: 0 });
  expect(again?.producerId).not.toBe(first?.producerId);
});

test.each<Asked>([
  { producerId: 5n },
  { producerEpoch: 0 },
  { transactionalId: "" },
  { transactionalId: "t", producerId: 5n },
])("%p is INVALID_REQUEST", async (asked) => {
  expect(await ask(asked)).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, ...refused });
});

test("A transactional id has no coordinator before somebody has looked for it", async () => {
  expect(await ask({ transactionalId: "t" })).toMatchObject({
    errorCode: ErrorCode.NOT_COORDINATOR,
    ...refused,
  });
});

test("When no block of ids is to be had, the producer is told why", async () => {
  broker.failProducerIds("COORDINATOR_LOAD_IN_PROGRESS");
  expect(await ask()).toMatchObject({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ...refused });
});
