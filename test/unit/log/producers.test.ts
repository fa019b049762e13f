/** What a partition remembers of its producers, what it refuses them, and how it writes that down. */
import { beforeEach, describe, expect, test } from "bun:test";
import { checkBatch, checkMarker, type ProducerBatch } from "../../../src/log/producer-check.ts";
import {
  type AppendedBatch,
  firstOffsetOf,
  firstSequence,
  ProducerEntry,
} from "../../../src/log/producer-entry.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../src/log/producer-snapshot.ts";
import { ProducerState } from "../../../src/log/producer-state.ts";
import { SnapshotFiles } from "../../../src/log/snapshot-files.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { TestLogger } from "./support.ts";

const MAX = 0x7fffffff;

function appended(lastSequence: number, lastOffset: number, offsetDelta = 0): AppendedBatch {
  return { lastSequence, lastOffset, offsetDelta, timestamp: 1000 };
}

function batch(baseSequence: number, options: Partial<ProducerBatch> = {}): ProducerBatch {
  return { producerId: 1n, epoch: 0, baseSequence, baseOffset: 0, isTransactional: false, ...options };
}

function entryWith(epoch: number, ...batches: AppendedBatch[]): ProducerEntry {
  const entry = new ProducerEntry(1n);
  entry.setEpoch(epoch);
  for (const one of batches) entry.addBatch(one);
  return entry;
}

/** The name of the error that is thrown, or "taken". */
function verdict(run: () => void): string {
  try {
    run();
    return "taken";
  } catch (error) {
    return error instanceof KafkaError ? error.errorName : String(error);
  }
}

describe("a producer's last batches", () => {
  test("are five at most, the oldest going first", () => {
    const entry = entryWith(0, ...Array.from({ length: 7 }, (_, index) => appended(index, index * 10)));
    expect(entry.batches.map(({ lastSequence }) => lastSequence)).toEqual([2, 3, 4, 5, 6]);
  });

  test("recognize one that is repeated, by its first and last sequence and its epoch", () => {
    const entry = entryWith(3, appended(9, 109, 9), appended(19, 119, 9));
    expect(entry.findDuplicate(3, 0, 9)?.lastOffset).toBe(109);
    expect(entry.findDuplicate(3, 10, 19)?.lastOffset).toBe(119);
    expect(entry.findDuplicate(3, 0, 8)).toBeUndefined();
    expect(entry.findDuplicate(3, 1, 9)).toBeUndefined();
    expect(entry.findDuplicate(4, 0, 9)).toBeUndefined();
  });

  test("have first sequences that wrap from 2^31 - 1 to 0", () => {
    expect(firstSequence(appended(4, 100, 9))).toBe(MAX - 4);
    expect(firstOffsetOf(appended(4, 100, 9))).toBe(91);
    expect(firstSequence(appended(-1, 100, 9))).toBe(-1);
  });

  test("are forgotten with a new epoch", () => {
    const entry = entryWith(0, appended(9, 109, 9));
    entry.setEpoch(1);
    expect(entry.lastSequence).toBe(-1);
  });
});

describe("a client's batch", () => {
  const check = (entry: ProducerEntry | undefined, one: ProducerBatch) =>
    verdict(() => checkBatch(entry, one, "client", "a-0"));

  test("may have any sequence when the producer is not known, as after retention", () => {
    expect(check(undefined, batch(17))).toBe("taken");
    expect(check(new ProducerEntry(1n), batch(17))).toBe("taken");
  });

  test("must go on where the last one ended", () => {
    const entry = entryWith(0, appended(9, 109, 9));
    expect(check(entry, batch(10))).toBe("taken");
    expect(check(entry, batch(11))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(check(entry, batch(9))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  test("goes on with 0 after 2^31 - 1", () => {
    const entry = entryWith(0, appended(MAX, 109));
    expect(check(entry, batch(0))).toBe("taken");
    expect(check(entry, batch(1))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  test("begins a new epoch with sequence 0", () => {
    const entry = entryWith(0, appended(9, 109, 9));
    expect(check(entry, batch(0, { epoch: 1 }))).toBe("taken");
    expect(check(entry, batch(10, { epoch: 1 }))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  test("of an old epoch is refused", () => {
    expect(check(entryWith(2, appended(9, 109)), batch(10, { epoch: 1 }))).toBe("INVALID_PRODUCER_EPOCH");
  });

  test("may not stand outside a transaction that is going on", () => {
    const entry = entryWith(0, appended(0, 100));
    entry.currentTransactionFirstOffset = 100;
    expect(check(entry, batch(1))).toBe("INVALID_TXN_STATE");
    expect(check(entry, batch(1, { isTransactional: true }))).toBe("taken");
  });
});

test("a coordinator's batch has no sequence, but an epoch", () => {
  const entry = entryWith(2, appended(9, 109));
  expect(verdict(() => checkBatch(entry, batch(-1, { epoch: 2 }), "coordinator", "a-0"))).toBe("taken");
  expect(verdict(() => checkBatch(entry, batch(-1, { epoch: 1 }), "coordinator", "a-0"))).toBe(
    "INVALID_PRODUCER_EPOCH",
  );
});

test("a replicated batch is taken as it is", () => {
  const entry = entryWith(2, appended(9, 109));
  entry.currentTransactionFirstOffset = 100;
  expect(verdict(() => checkBatch(entry, batch(0, { epoch: 0 }), "replication", "a-0"))).toBe("taken");
});

describe("a marker", () => {
  const check = (
    entry: ProducerEntry | undefined,
    epoch: number,
    coordinatorEpoch: number,
    version: number,
  ) =>
    verdict(() =>
      checkMarker(
        entry,
        { producerId: 1n, epoch, coordinatorEpoch, isCommit: true, offset: 5, timestamp: 0 },
        version,
        "a-0",
      ),
    );
  let entry: ProducerEntry;
  beforeEach(() => {
    entry = entryWith(3, appended(0, 100));
    entry.coordinatorEpoch = 7;
    entry.currentTransactionFirstOffset = 100;
  });

  test("may come for a producer that has written nothing here", () => {
    expect(check(undefined, 0, 0, 2)).toBe("taken");
  });

  test("has the producer's epoch or a later one", () => {
    expect(check(entry, 2, 7, 0)).toBe("INVALID_PRODUCER_EPOCH");
    expect(check(entry, 3, 7, 0)).toBe("taken");
    expect(check(entry, 4, 7, 0)).toBe("taken");
  });

  test("has a later epoch from transaction.version 2 on", () => {
    expect(check(entry, 3, 7, 2)).toBe("INVALID_PRODUCER_EPOCH");
    expect(check(entry, 4, 7, 2)).toBe("taken");
  });

  test("may be written once more when the transaction has ended", () => {
    entry.currentTransactionFirstOffset = -1;
    expect(check(entry, 3, 7, 2)).toBe("taken");
    expect(check(entry, 2, 7, 2)).toBe("INVALID_PRODUCER_EPOCH");
  });

  test("of a coordinator that was replaced is refused", () => {
    expect(check(entry, 3, 6, 0)).toBe("TRANSACTION_COORDINATOR_FENCED");
    expect(check(entry, 3, 8, 0)).toBe("taken");
  });
});

describe("transactions", () => {
  let state: ProducerState;
  beforeEach(() => {
    state = new ProducerState();
  });
  const write = (producerId: bigint, offset: number) =>
    state.addBatch(batch(0, { producerId, baseOffset: offset, isTransactional: true }), appended(0, offset));
  const end = (producerId: bigint, offset: number, isCommit = true) =>
    state.addMarker({ producerId, epoch: 0, coordinatorEpoch: 0, isCommit, offset, timestamp: 0 });

  test("are unstable from their first offset until the high watermark has passed their end", () => {
    expect(state.firstUnstableOffset).toBe(-1);
    write(1n, 10);
    write(1n, 11);
    write(2n, 12);
    expect(state.firstUnstableOffset).toBe(10);
    const first = end(1n, 13, false);
    expect(first).toEqual({ producerId: 1n, firstOffset: 10, lastOffset: 13, isAborted: true });
    if (!first) return;
    expect(state.lastStableOffsetAfter(first)).toBe(12);
    state.completeTransaction(first);
    expect(state.firstUnstableOffset).toBe(10);
    state.highWatermarkMovedTo(13);
    expect(state.firstUnstableOffset).toBe(10);
    state.highWatermarkMovedTo(14);
    expect(state.firstUnstableOffset).toBe(12);
  });

  test("that wrote nothing end without a trace", () => {
    expect(end(1n, 13)).toBeUndefined();
    expect(state.firstUnstableOffset).toBe(-1);
    expect(state.find(1n)?.coordinatorEpoch).toBe(0);
  });

  test("that stand alone leave the log stable behind their marker", () => {
    write(1n, 10);
    const completed = end(1n, 11);
    expect(completed && state.lastStableOffsetAfter(completed)).toBe(12);
  });

  test("keep their producer from being forgotten", () => {
    write(1n, 10);
    state.addBatch(batch(0, { producerId: 2n }), appended(0, 11));
    state.expire(1000 + 500, 500);
    expect([...state.producers.keys()]).toEqual([1n]);
  });
});

describe("a snapshot", () => {
  test("holds of each producer its last batch, epochs and transaction", () => {
    const entry = entryWith(3, appended(9, 109, 9), appended(12, 115, 2));
    entry.coordinatorEpoch = 4;
    entry.lastTimestamp = 5_000_000_000_000;
    entry.currentTransactionFirstOffset = 100;
    const [restored] = decodeSnapshot(encodeSnapshot([entry]));
    expect(restored).toMatchObject({
      producerId: 1n,
      epoch: 3,
      coordinatorEpoch: 4,
      lastTimestamp: 5_000_000_000_000,
      currentTransactionFirstOffset: 100,
    });
    expect(restored?.batches).toEqual([{ ...appended(12, 115, 2), timestamp: 5_000_000_000_000 }]);
  });

  test("remembers a producer of which only a marker is known", () => {
    const entry = new ProducerEntry(1n);
    entry.setEpoch(2);
    const [restored] = decodeSnapshot(encodeSnapshot([entry]));
    expect([restored?.epoch, restored?.lastSequence, restored?.lastOffset]).toEqual([2, -1, -1]);
  });

  test("with a changed byte is refused, whichever it is", () => {
    const bytes = encodeSnapshot([entryWith(3, appended(9, 109, 9))]);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      expect(() => decodeSnapshot(damaged)).toThrow();
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSnapshot(bytes.subarray(0, length))).toThrow();
    }
  });
});

describe("snapshot files", () => {
  let disk: SimulatedDisk;
  let logger: TestLogger;
  beforeEach(() => {
    disk = new SimulatedDisk();
    disk.makeDirectory("/d");
    logger = new TestLogger();
  });

  function stateAt(offset: number): ProducerState {
    const state = new ProducerState();
    state.addBatch(batch(0, { producerId: BigInt(offset) }), appended(0, offset - 1));
    state.endOffset = offset;
    return state;
  }

  function taken(...offsets: number[]): SnapshotFiles {
    const files = new SnapshotFiles(disk, "/d", [], logger);
    for (const offset of offsets) files.take(stateAt(offset));
    return files;
  }

  test("give back the newest that is in range", () => {
    const state = new ProducerState();
    taken(10, 20, 30).loadLatest(state, 0, 29);
    expect([state.endOffset, ...state.producers.keys()]).toEqual([20, 20n]);
  });

  test("pass over one that is damaged, and remove it", () => {
    const files = taken(10, 20);
    disk.writeFile("/d/00000000000000000020.snapshot", "rubbish");
    const state = new ProducerState();
    files.loadLatest(state, 0, 100);
    expect(state.endOffset).toBe(10);
    expect(disk.files()).toEqual(["/d/00000000000000000010.snapshot"]);
    expect(logger.warnings.length).toBe(1);
  });

  test("leave nothing known when there is none in range", () => {
    const state = stateAt(5);
    taken(10).loadLatest(state, 3, 9);
    expect([state.endOffset, state.producers.size]).toEqual([3, 0]);
  });

  test("are not taken for an empty log, nor twice", () => {
    const files = taken(0, 10);
    const before = disk.changes;
    files.take(stateAt(10));
    expect(disk.changes).toBe(before);
    expect(files.offsets).toEqual([10]);
  });

  test("that a power cut has emptied are removed, and an older one counts", () => {
    const files = taken(5, 10);
    disk.writeFile("/d/00000000000000000010.snapshot", "");
    const state = new ProducerState();
    files.loadLatest(state, 0, 10);
    expect([state.endOffset, files.offsets]).toEqual([5, [5]]);
  });

  test("without a segment go, except the newest if it lies beyond the last segment", () => {
    const files = taken(10, 20, 30, 40);
    files.removeStrays([0, 20]);
    expect(files.offsets).toEqual([20, 40]);
    files.removeStrays([0, 50]);
    expect(files.offsets).toEqual([]);
  });
});
