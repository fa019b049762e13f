/**
 * Log directories that fill up, are write-protected or taken away while the broker runs: what it answers and says, that
 * nothing acknowledged is lost, and that it is all there again after a restart.
 */
import { afterAll, expect, test } from "bun:test";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { digestPartition } from "../support/partition-digest.ts";
import { RawClient } from "../support/raw-client.ts";
import { mountSmallDisk } from "../support/small-disk.ts";

const KAFKA_STORAGE_ERROR = 56;
/** So that what happens by the clock happens soon. */
const soon = {
  "log.initial.task.delay.ms": 50,
  "log.flush.offset.checkpoint.interval.ms": 50,
  "replica.high.watermark.checkpoint.interval.ms": 50,
};

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  removeTemporaryFolders();
});

class Session {
  private constructor(
    readonly broker: BrokerProcess,
    readonly client: RawClient,
  ) {}

  static async start(
    logDirectories: string,
    properties: Record<string, string | number> = soon,
  ): Promise<Session> {
    const broker = await startBroker({ logDirectory: logDirectories, properties });
    cleanups.push(() => broker.kill());
    return new Session(broker, await RawClient.connect(broker.port));
  }

  async create(name: string, numPartitions: number): Promise<number> {
    const { topics } = await this.client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
      topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 5000,
      validateOnly: false,
    });
    return topics[0]?.errorCode ?? -1;
  }

  /** The error code of an append of a record of that size. */
  async produce(topic: string, index: number, size = 10): Promise<number> {
    const records = buildBatch({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      records: [{ timestamp: Date.now(), key: null, value: Buffer.alloc(size, 1) }],
    });
    const { responses } = await this.client.request(ProduceRequest, ProduceResponse, 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5000,
      topicData: [{ name: topic, partitionData: [{ index, records }] }],
    });
    return responses[0]?.partitionResponses[0]?.errorCode ?? -1;
  }

  /** Appends until that fails; returns how many were acknowledged, and the error. */
  async produceUntilError(
    topic: string,
    index: number,
    size: number,
  ): Promise<{ count: number; error: number }> {
    for (let count = 0; ; count++) {
      const error = await this.produce(topic, index, size);
      if (error !== 0) return { count, error };
    }
  }

  async count(topic: string, index: number): Promise<number> {
    return (await digestPartition(this.client, topic, index)).count;
  }

  /** Resolves when the console has said it. */
  async says(words: string): Promise<void> {
    while (!this.broker.output().includes(words)) await Bun.sleep(10);
  }

  async stop(): Promise<number> {
    this.client.close();
    return this.broker.stop();
  }
}

/** Which of a topic's partitions lie in a directory. */
function partitionsIn(directory: string, topic: string): number[] {
  return readdirSync(directory).flatMap((name) =>
    name.startsWith(`${topic}-`) ? [Number(name.slice(topic.length + 1))] : [],
  );
}

const disk = mountSmallDisk(12);
cleanups.push(() => disk?.unmount());
const onSmallDisk = disk === null ? test.skip : test;

onSmallDisk(
  "a full disk: produce is told, reading goes on, and after a restart with room nothing acknowledged is missing",
  async () => {
    const logDirectory = join(disk?.path ?? "", "full");
    const session = await Session.start(logDirectory);
    expect(await session.create("t", 1)).toBe(0);
    const { count, error } = await session.produceUntilError("t", 0, 100_000);
    expect(error).toBe(KAFKA_STORAGE_ERROR);
    expect(count).toBeGreaterThan(50);
    expect(await session.produce("t", 0)).toBe(KAFKA_STORAGE_ERROR);
    expect(await session.count("t", 0)).toBe(count);
    expect(session.broker.output()).toContain(`Log directory ${logDirectory} is offline: ENOSPC`);
    expect(session.broker.output()).toContain("Make room on its file system and restart the broker.");
    expect(await session.stop()).toBe(1);

    disk?.resize(40);
    const again = await Session.start(logDirectory);
    expect(await again.count("t", 0)).toBe(count);
    expect(await again.produce("t", 0)).toBe(0);
    expect(await again.count("t", 0)).toBe(count + 1);
    expect(await again.stop()).toBe(0);
    rmSync(logDirectory, { recursive: true });
    disk?.resize(12);
  },
  30_000,
);

onSmallDisk(
  "a full disk among several: the partitions on the others are served as ever",
  async () => {
    const small = join(disk?.path ?? "", "one-of-two");
    const large = join(temporaryFolder(), "large");
    const session = await Session.start(`${large},${small}`);
    expect(await session.create("t", 4)).toBe(0);
    const [onSmall = -1] = partitionsIn(small, "t");
    const [onLarge = -1] = partitionsIn(large, "t");
    const { count, error } = await session.produceUntilError("t", onSmall, 100_000);
    expect(error).toBe(KAFKA_STORAGE_ERROR);
    for (let index = 0; index < 20; index++) expect(await session.produce("t", onLarge, 100_000)).toBe(0);
    expect([await session.count("t", onSmall), await session.count("t", onLarge)]).toEqual([count, 20]);
    // New partitions go where there is room, whatever directory the metadata has chosen.
    expect(await session.create("u", 2)).toBe(0);
    expect([await session.produce("u", 0), await session.produce("u", 1)]).toEqual([0, 0]);
    expect(await session.stop()).toBe(1);

    disk?.resize(40);
    const again = await Session.start(`${large},${small}`);
    expect([await again.count("t", onSmall), await again.count("t", onLarge)]).toEqual([count, 20]);
    expect([await again.count("u", 0), await again.count("u", 1)]).toEqual([1, 1]);
    expect(await again.produce("t", onSmall)).toBe(0);
    expect(await again.stop()).toBe(0);
    rmSync(small, { recursive: true });
    disk?.resize(12);
  },
  30_000,
);

onSmallDisk(
  "a directory that becomes read-only: it goes offline, the other goes on, and nothing acknowledged is lost",
  async () => {
    const one = join(disk?.path ?? "", "protected");
    const two = join(temporaryFolder(), "two");
    const session = await Session.start(`${two},${one}`);
    expect(await session.create("t", 4)).toBe(0);
    const [inOne = -1] = partitionsIn(one, "t");
    const [inTwo = -1] = partitionsIn(two, "t");
    for (const index of [inOne, inTwo]) expect(await session.produce("t", index)).toBe(0);
    disk?.protect(one);
    let acknowledged = 1;
    while ((await session.produce("t", inOne)) === 0) acknowledged++;
    await session.says(`Log directory ${one} is offline: EROFS`);
    expect(session.broker.output()).toContain("Make its file system writable and restart the broker.");
    expect(await session.produce("t", inOne)).toBe(KAFKA_STORAGE_ERROR);
    expect(await session.produce("t", inTwo)).toBe(0);
    expect([await session.count("t", inOne), await session.count("t", inTwo)]).toEqual([acknowledged, 2]);
    expect(await session.stop()).toBe(1);

    // Still read-only: the broker starts with the other.
    const without = await Session.start(`${two},${one}`);
    expect(without.broker.output()).toContain(`Log directory ${one} is offline: EROFS`);
    expect(await without.produce("t", inTwo)).toBe(0);
    expect(await without.produce("t", inOne)).toBe(KAFKA_STORAGE_ERROR);
    await without.stop();
    expect(Bun.spawnSync(["umount", one]).exitCode).toBe(0);
    const again = await Session.start(`${two},${one}`);
    expect([await again.count("t", inOne), await again.count("t", inTwo)]).toEqual([acknowledged, 3]);
    expect(await again.stop()).toBe(0);
    rmSync(one, { recursive: true });
  },
  30_000,
);

test("a directory that is taken away before its partitions were touched: they can't be used, and don't begin anew", async () => {
  const folder = temporaryFolder();
  const [one, two, away] = [join(folder, "one"), join(folder, "two"), join(folder, "away")] as const;
  const first = await Session.start(`${one},${two}`);
  expect(await first.create("t", 4)).toBe(0);
  const [inOne = -1] = partitionsIn(one, "t");
  const [inTwo = -1] = partitionsIn(two, "t");
  for (const index of [inOne, inTwo]) expect(await first.produce("t", index)).toBe(0);
  expect(await first.stop()).toBe(0);

  const session = await Session.start(`${one},${two}`);
  renameSync(two, away);
  await expect(session.count("t", inTwo)).rejects.toThrow(`error ${KAFKA_STORAGE_ERROR}`);
  expect(await session.produce("t", inTwo)).toBe(KAFKA_STORAGE_ERROR);
  expect(await session.produce("t", inOne)).toBe(0);
  await session.says(`Log directory ${two} is offline: ENOENT`);
  expect(await session.stop()).toBe(1);
  expect(existsSync(two)).toBe(false);
  renameSync(away, two);
  const again = await Session.start(`${one},${two}`);
  expect([await again.count("t", inOne), await again.count("t", inTwo)]).toEqual([2, 1]);
  expect(await again.stop()).toBe(0);
}, 30_000);

test("a directory that is taken away: it goes offline, and its partitions don't begin anew in its place", async () => {
  const folder = temporaryFolder();
  const [one, two, away] = [join(folder, "one"), join(folder, "two"), join(folder, "away")] as const;
  const session = await Session.start(`${one},${two}`);
  expect(await session.create("t", 4)).toBe(0);
  const [inOne = -1] = partitionsIn(one, "t");
  const [inTwo = -1] = partitionsIn(two, "t");
  for (const index of [inOne, inTwo]) expect(await session.produce("t", index)).toBe(0);
  renameSync(two, away);
  let acknowledged = 1;
  while ((await session.produce("t", inTwo)) === 0) acknowledged++;
  await session.says(`Log directory ${two} is offline: ENOENT`);
  expect(session.broker.output()).toContain("put that back and restart the broker.");
  expect(await session.produce("t", inOne)).toBe(0);
  expect(await session.stop()).toBe(1);

  // Somebody starts the broker though the file system is not mounted again.
  const without = await Session.start(`${one},${two}`);
  expect(await without.produce("t", inOne)).toBe(0);
  expect(await without.produce("t", inTwo)).toBe(KAFKA_STORAGE_ERROR);
  expect(without.broker.output()).toContain("Is a file system not mounted?");
  await without.stop();
  rmSync(two, { recursive: true });
  renameSync(away, two);
  const again = await Session.start(`${one},${two}`);
  expect([await again.count("t", inOne), await again.count("t", inTwo)]).toEqual([3, acknowledged]);
  expect(await again.produce("t", inTwo)).toBe(0);
  expect(await again.stop()).toBe(0);
  expect(existsSync(join(two, ".kafka_cleanshutdown"))).toBe(true);
}, 30_000);
