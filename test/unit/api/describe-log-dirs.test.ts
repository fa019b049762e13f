import { beforeEach, expect, test } from "bun:test";
import { describeLogDirs } from "../../../src/api/describe-log-dirs.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../../src/protocol/messages/describe-log-dirs.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { batchOf } from "../../support/batches.ts";

const NEWEST = 5;
const both = [DescribeLogDirsRequest, DescribeLogDirsResponse] as const;

let broker: TestBroker;
const batch = batchOf(["x"]);

beforeEach(() => {
  broker = new TestBroker([describeLogDirs]);
  for (const name of ["a", "b"]) {
    broker.createTopic(name, { partitions: 2 });
    for (const partition of [0, 1]) broker.log(name, partition);
  }
  broker.log("a", 1).append(Buffer.from(batch), { leaderEpoch: 0, origin: "client" });
});

async function ask(topics: Record<string, number[]> | null, version = NEWEST) {
  const asked = topics && Object.entries(topics).map(([topic, partitions]) => ({ topic, partitions }));
  return broker.ask(both, version, { topics: asked });
}

function partition(partitionIndex: number, partitionSize: bigint) {
  return { partitionIndex, partitionSize, offsetLag: 0n, isFutureKey: false };
}

test("With no topics named, all that lies in a directory is described, and its room", async () => {
  broker.disk.freeBytes = 7000;
  expect(await ask(null)).toMatchObject({
    throttleTimeMs: 0,
    errorCode: 0,
    results: [
      {
        errorCode: 0,
        logDir: "/data",
        topics: [
          { name: "a", partitions: [partition(0, 0n), partition(1, BigInt(batch.length))] },
          { name: "b", partitions: [partition(0, 0n), partition(1, 0n)] },
        ],
        usableBytes: 7000n,
        isCordoned: false,
      },
    ],
  });
});

test("The room of the volume is told from version 4 on", async () => {
  const { freeBytes, totalBytes } = broker.disk.space();
  const told = { totalBytes: BigInt(totalBytes), usableBytes: BigInt(freeBytes) };
  expect((await ask(null, 4))?.results).toMatchObject([told]);
  expect((await ask(null, 3))?.results).toMatchObject([{ totalBytes: -1n, usableBytes: -1n }]);
});

test("Only the partitions that are asked for are described", async () => {
  const answer = await ask({ a: [1, 1, 9], nowhere: [0] });
  expect(answer?.results[0]?.topics).toMatchObject([{ name: "a", partitions: [{ partitionIndex: 1 }] }]);
});

test("With an empty list of topics, directories are described and no partition", async () => {
  expect((await ask({}))?.results).toMatchObject([{ errorCode: 0, logDir: "/data", topics: [] }]);
});

test("A directory that failed says KAFKA_STORAGE_ERROR", async () => {
  broker.disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
  expect(() => broker.log("a").append(Buffer.from(batch), { leaderEpoch: 0, origin: "client" })).toThrow();
  expect((await ask(null))?.results).toMatchObject([
    {
      errorCode: ErrorCode.KAFKA_STORAGE_ERROR,
      logDir: "/data",
      topics: [],
      totalBytes: -1n,
      usableBytes: -1n,
    },
  ]);
});

test.each([1, 2, 3, 4, 5])("Version %d is served", async (version) => {
  expect((await ask(null, version))?.results[0]?.topics).toHaveLength(2);
});
