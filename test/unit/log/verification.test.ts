import { afterEach, expect, test } from "bun:test";
import type { PartitionLog } from "../../../src/log/partition-log.ts";
import {
  client,
  coordinator,
  type LogOverrides,
  marker,
  producedBy,
  TestClock,
  temporaryLogs,
} from "./support.ts";

const PRODUCER = 7n;
const transactional = { transactional: true };

const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

const open = (overrides?: LogOverrides) => openLog(overrides).log;

function start(log: PartitionLog, baseSequence: number, epoch = 0, bumpsEpoch = false) {
  return log.startVerification({ producerId: PRODUCER, epoch, baseSequence }, bumpsEpoch);
}

const refused = (name: string) => expect.objectContaining({ errorName: name });

test("a transaction begins with what its verification gave, and then needs no more of it", () => {
  const log = open();
  const verified = start(log, 0);
  log.append(producedBy(PRODUCER, 0, transactional), { ...client, verified });
  expect(start(log, 1)).toBe("ongoing");
  log.append(producedBy(PRODUCER, 1, transactional), { ...client, verified: "ongoing" });
  expect(log.logEndOffset).toBe(2);
});

test("a verification is worth nothing once a marker has ended the transaction that was verified", () => {
  const log = open();
  const verified = start(log, 0);
  log.append(marker(PRODUCER, "abort"), coordinator);
  expect(() => log.append(producedBy(PRODUCER, 0, transactional), { ...client, verified })).toThrow(
    refused("INVALID_TXN_STATE"),
  );
  expect(log.lastStableOffset).toBe(log.logEndOffset);
});

test("an ongoing transaction that ends before the append lets nothing in", () => {
  const log = open();
  log.append(producedBy(PRODUCER, 0, transactional), client);
  const verified = start(log, 1);
  log.append(marker(PRODUCER, "commit"), coordinator);
  expect(() => log.append(producedBy(PRODUCER, 1, transactional), { ...client, verified })).toThrow(
    refused("INVALID_TXN_STATE"),
  );
});

test("the next transaction of a producer with a new epoch may be verified before the last one's marker is there", () => {
  const log = open();
  log.append(producedBy(PRODUCER, 0, transactional), client);
  const verified = start(log, 0, 1, true);
  log.append(marker(PRODUCER, "commit", { producerEpoch: 1 }), { ...coordinator, transactionVersion: 2 });
  log.append(producedBy(PRODUCER, 0, { ...transactional, producerEpoch: 1 }), { ...client, verified });
  expect(log.logEndOffset).toBe(3);
});

test("a batch may not overtake one whose verification has failed for a while", () => {
  const log = open();
  start(log, 3);
  const verified = start(log, 5);
  expect(() => log.append(producedBy(PRODUCER, 5, transactional), { ...client, verified })).toThrow(
    refused("OUT_OF_ORDER_SEQUENCE_NUMBER"),
  );
  log.append(producedBy(PRODUCER, 3, transactional), { ...client, verified });
  expect(log.logEndOffset).toBe(1);
});

test("a producer that gets a new epoch with every transaction begins it with sequence 0", () => {
  const log = open();
  const verified = start(log, 4, 0, true);
  expect(() => log.append(producedBy(PRODUCER, 4, transactional), { ...client, verified })).toThrow(
    refused("OUT_OF_ORDER_SEQUENCE_NUMBER"),
  );
});

test("a fenced producer is refused before its transaction is verified", () => {
  const log = open();
  log.append(marker(PRODUCER, "abort", { producerEpoch: 3 }), coordinator);
  expect(() => start(log, 0, 2)).toThrow(refused("INVALID_PRODUCER_EPOCH"));
});

test("a verification that nothing comes of is forgotten with idle producers", () => {
  const clock = new TestClock();
  const log = open({ clock, producerIdExpirationMs: 1000 });
  const verified = start(log, 3);
  clock.advance(1000);
  log.expireProducers();
  expect(start(log, 5)).not.toBe(verified);
});
