/** Writing the metadata log: what is acknowledged survives, what can't be written changes nothing. */
import { expect, test } from "bun:test";
import { epochToLead } from "../../../src/metadata/log/quorum-state.ts";
import type { Metadata } from "../../../src/metadata/metadata.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { SeededRandom } from "../../support/random.ts";
import { everythingIn, FOLDER, Lines, LOG, open } from "./support.ts";

function create(metadata: Metadata, name: string): void {
  const [result] = metadata.controller.createTopics(
    [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
    { validateOnly: false },
  );
  if (result?.error) throw result.error;
}

/** What the metadata log's folder holds, by name. */
function namesIn(disk: SimulatedDisk): string[] {
  return disk
    .list(FOLDER)
    .map(({ name }) => name)
    .sort();
}

test("whatever the power failure takes, what was acknowledged is there, and a change is there whole or not at all", async () => {
  const random = new SeededRandom(11);
  for (let round = 0; round < 150; round++) {
    const disk = new SimulatedDisk(round + 1);
    const acknowledged: string[] = [];
    let inFlight = "";
    disk.powerOffAfter = random.below(70);
    try {
      for (let life = 0; life < 3; life++) {
        const metadata = await open(disk);
        for (let count = 0; count < 5; count++) {
          inFlight = `topic-${life}-${count}`;
          create(metadata, inFlight);
          acknowledged.push(inFlight);
        }
        metadata.close();
      }
    } catch (error) {
      expect(String(error)).toContain("EIO");
    }
    disk.crash(random.pick(["drop", "keep", "tear"]));

    const { image } = await open(disk);

    const names = [...image.topicNames()];
    const expected = [[...acknowledged].sort(), [...new Set([...acknowledged, inFlight])].sort()];
    expect(expected).toContainEqual(names);
    for (const topic of image.topics()) expect(topic.partitions).toHaveLength(2);
  }
});

test("a full disk refuses a change, and takes the next when there is room again", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk);
  create(metadata, "before");
  const size = disk.sizeOf(LOG);
  const version = metadata.image.version;
  disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);

  expect(() => create(metadata, "refused")).toThrow("The metadata log can't be written");
  expect(metadata.image.topicNames()).toEqual(["before"]);
  expect([disk.sizeOf(LOG), metadata.image.version]).toEqual([size, version]);
  disk.failure = () => undefined;
  create(metadata, "after");

  expect((await open(disk)).image.topicNames()).toEqual(["after", "before"]);
});

test("a disk that is full at the first write of all is tried again from the beginning", async () => {
  const disk = new SimulatedDisk();
  (await open(disk)).close();
  const metadata = await open(disk);
  disk.failure = (operation, path) => (operation === "write" && path === LOG ? "ENOSPC" : undefined);
  expect(() => create(metadata, "a")).toThrow("ENOSPC");
  disk.failure = () => undefined;

  create(metadata, "a");

  expect((await open(disk)).image.topicNames()).toEqual(["a"]);
});

test("after a sync that failed nothing more is taken: nobody knows what the disk holds", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk);
  disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
  expect(() => create(metadata, "a")).toThrow("EIO");
  disk.failure = () => undefined;

  expect(() => create(metadata, "b")).toThrow("EIO");
  expect(metadata.image.topicNames()).toEqual([]);
});

test("a closed log takes nothing", async () => {
  const metadata = await open(new SimulatedDisk());
  metadata.close();

  expect(() => create(metadata, "a")).toThrow("it is closed");
});

test("a large log goes on in another segment", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk, {}, "metadata.log.segment.bytes=8388608");
  const value = "x".repeat(30_000);
  const operations = Array.from({ length: 60 }, (_, index) => ({
    name: `unknown.${index}`,
    operation: 0,
    value,
  }));
  for (let count = 0; count < 6; count++) {
    metadata.controller.incrementalAlterConfigs([{ type: 4, name: "1", operations }], {
      validateOnly: false,
    });
  }

  const logs = namesIn(disk).filter((name) => name.endsWith(".log"));
  expect(logs).toHaveLength(2);
  const read = await open(disk);
  expect(everythingIn(read.image)).toEqual(everythingIn(metadata.image));
  create(read, "a");
  expect((await open(disk)).image.topicNames()).toEqual(["a"]);
});

test("a change that is too large for one batch is refused", async () => {
  const metadata = await open(new SimulatedDisk());
  const value = "x".repeat(30_000);
  const operations = Array.from({ length: 300 }, (_, index) => ({
    name: `unknown.${index}`,
    operation: 0,
    value,
  }));

  expect(() =>
    metadata.controller.incrementalAlterConfigs([{ type: 4, name: "1", operations }], {
      validateOnly: false,
    }),
  ).toThrow("8388608 are allowed at once");
});

test("a snapshot is written when the log has grown, and read before what follows it", async () => {
  const disk = new SimulatedDisk();
  const snapshotsAt = "metadata.log.max.record.bytes.between.snapshots=2000";
  const endpoints = { controllerEndpoints: [{ name: "CONTROLLER", host: "localhost", port: 9093 }] };
  const metadata = await open(disk, endpoints, snapshotsAt);
  for (let count = 0; count < 30; count++) create(metadata, `topic.${count}`);
  const snapshots = namesIn(disk).filter((name) => name.endsWith(".checkpoint"));
  expect(snapshots.length).toBeGreaterThan(2);
  expect(snapshots[0]).toMatch(/^0{16}\d{4}-0000000001\.checkpoint$/);

  const read = await open(disk, endpoints, snapshotsAt);

  expect(everythingIn(read.image)).toEqual(everythingIn(metadata.image));
  expect(read.image.lastOffset).toBe(metadata.image.lastOffset);
  expect(read.image.features.get("kraft.version")).toBe(1);
  for (const name of snapshots) disk.remove(`${FOLDER}/${name}`);
  expect(everythingIn((await open(disk)).image)).toEqual(everythingIn(metadata.image));
});

test("a snapshot alone is enough, and the log goes on behind it", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk, {}, "metadata.log.max.record.bytes.between.snapshots=2000000");
  // Large enough for several batches in the snapshot.
  const value = "x".repeat(30_000);
  const operations = Array.from({ length: 70 }, (_, index) => ({ name: `n${index}`, operation: 0, value }));
  metadata.controller.incrementalAlterConfigs([{ type: 4, name: "1", operations }], { validateOnly: false });
  expect(namesIn(disk)).toContain("00000000000000000076-0000000001.checkpoint");
  disk.remove(LOG);

  const alone = await open(disk);
  expect(everythingIn(alone.image)).toEqual(everythingIn(metadata.image));
  create(alone, "a");

  expect(namesIn(disk)).toContain("00000000000000000076.log");
  const again = await open(disk);
  expect(everythingIn(again.image)).toEqual(everythingIn(alone.image));
});

test("a snapshot that can't be written is warned of, and the change stands", async () => {
  const disk = new SimulatedDisk();
  const logger = new Lines();
  const metadata = await open(disk, { logger }, "metadata.log.max.record.bytes.between.snapshots=500");
  disk.failure = (_, path) => (path.endsWith(".part") ? "ENOSPC" : undefined);

  for (let count = 0; count < 5; count++) create(metadata, `topic-${count}`);

  expect(metadata.image.topicNames()).toHaveLength(5);
  expect(logger.lines.some((line) => line.startsWith("WARN") && line.includes("ENOSPC"))).toBe(true);
  disk.failure = () => undefined;
  expect((await open(disk)).image.topicNames()).toHaveLength(5);
});

test.each([
  ["nothing was ever written", 0, undefined, { epoch: 1, isNew: true }],
  ["the log says so", 3, undefined, { epoch: 3, isNew: false }],
  ["the quorum is behind the log", 3, [1, 2, -1], { epoch: 3, isNew: false }],
  ["both agree", 3, [1, 3, -1], { epoch: 3, isNew: false }],
  ["this node led the quorum's epoch", 3, [1, 4, -1], { epoch: 4, isNew: true }],
  ["this node was voted for", 3, [-1, 4, 1], { epoch: 4, isNew: true }],
  ["another node led the quorum's epoch", 3, [2, 4, -1], { epoch: 5, isNew: true }],
  ["another node was voted for", 3, [-1, 4, 2], { epoch: 5, isNew: true }],
] as const)("the epoch to write in when %s", (_, logEpoch, quorum, expected) => {
  const [leaderId, leaderEpoch, votedId] = quorum ?? [];
  const state =
    leaderId === undefined || leaderEpoch === undefined || votedId === undefined
      ? undefined
      : { leaderId, leaderEpoch, votedId };

  expect(epochToLead(logEpoch, state, 1)).toEqual(expected);
});
