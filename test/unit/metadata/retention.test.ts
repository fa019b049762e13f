/** The metadata log doesn't grow for ever: when segments and snapshots begin, and when they go. */
import { beforeEach, expect, test } from "bun:test";
import type { Metadata } from "../../../src/metadata/metadata.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { everythingIn, FOLDER, Lines, open } from "./support.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOT_YET = "metadata.log.max.record.bytes.between.snapshots=1000000000";
const SOON = "metadata.log.max.record.bytes.between.snapshots=1000";
const SMALL_SEGMENTS = "internal.metadata.log.segment.bytes=1500";

let disk: SimulatedDisk;
let now: number;
let logger: Lines;
let created: number;
beforeEach(() => {
  disk = new SimulatedDisk();
  now = 1_700_000_000_000;
  logger = new Lines();
  created = 0;
});

const start = (...overrides: string[]) => {
  const clock = { now: () => now, monotonic: () => now, schedule: () => ({ cancel: () => undefined }) };
  return open(disk, { clock, logger }, ...overrides);
};

function create(metadata: Metadata, count: number): void {
  for (let index = 0; index < count; index++) {
    const name = `topic-${created++}`;
    const topic = { name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
    const [result] = metadata.controller.createTopics([topic], { validateOnly: false });
    if (result?.error) throw result.error;
  }
}

/** Removing goes on in the background. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

const namesIn = (suffix: string) =>
  disk
    .list(FOLDER)
    .map(({ name }) => name)
    .filter((name) => name.endsWith(suffix))
    .sort();
const segments = () => namesIn(".log");
const snapshots = () => namesIn(".checkpoint");
const size = () =>
  [...segments(), ...snapshots()].reduce((sum, name) => sum + disk.sizeOf(`${FOLDER}/${name}`), 0);

test("a segment is followed by another when its first batch is older than metadata.log.segment.ms, across a restart", async () => {
  const metadata = await start(NOT_YET);
  create(metadata, 1);
  now += 6 * DAY;
  create(metadata, 1);
  expect(segments()).toHaveLength(1);
  metadata.close();
  now += 2 * DAY;
  const again = await start(NOT_YET);
  create(again, 1);
  expect(segments()).toHaveLength(2);
  create(again, 1);
  expect(segments()).toHaveLength(2);
});

test("a snapshot is written with the first change after metadata.log.max.snapshot.interval.ms, and never by time where that is 0", async () => {
  const metadata = await start(NOT_YET);
  create(metadata, 3);
  expect(snapshots()).toEqual([]);
  now += HOUR;
  create(metadata, 1);
  expect(snapshots()).toHaveLength(1);
  create(metadata, 1);
  expect(snapshots()).toHaveLength(1);
  metadata.close();
  const never = await start(NOT_YET, "metadata.log.max.snapshot.interval.ms=0");
  now += DAY;
  create(never, 1);
  expect(snapshots()).toHaveLength(1);
});

test("log and snapshots stay below metadata.max.retention.bytes, and what is left tells everything", async () => {
  const limit = 40_000;
  const metadata = await start(SOON, SMALL_SEGMENTS, `metadata.max.retention.bytes=${limit}`);
  for (let round = 0; round < 40; round++) {
    create(metadata, 2);
    await settle();
    const [newest = ""] = snapshots().slice(-1);
    expect(size()).toBeLessThan(limit + (newest ? disk.sizeOf(`${FOLDER}/${newest}`) : 0) + 1500);
  }
  expect(segments()[0]).not.toBe("00000000000000000000.log");
  expect(logger.lines.some((line) => line.includes("larger than metadata.max.retention.bytes"))).toBe(true);
  metadata.close();
  const again = await start(SOON, SMALL_SEGMENTS);
  expect(everythingIn(again.image)).toEqual(everythingIn(metadata.image));
  create(again, 1);
  expect(disk.readFile(`${FOLDER}/leader-epoch-checkpoint`).toString()).toBe("0\n1\n1 0\n");
  expect((await start(SOON)).image.topicNames()).toHaveLength(81);
});

test("a snapshot older than metadata.max.retention.ms goes when there is a newer one, with the segments that holds", async () => {
  const metadata = await start(SOON, SMALL_SEGMENTS);
  create(metadata, 20);
  const old = snapshots();
  expect(old.length).toBeGreaterThan(2);
  now += 8 * DAY;
  metadata.close();
  const again = await start(NOT_YET, SMALL_SEGMENTS);
  await settle();
  expect(snapshots()).toEqual(old.slice(-1));
  expect(segments().length).toBeLessThan(4);
  expect(everythingIn(again.image)).toEqual(everythingIn(metadata.image));
});

test("nothing goes where both limits are negative, nor before there are two snapshots", async () => {
  const unlimited = ["metadata.max.retention.bytes=-1", "metadata.max.retention.ms=-1"];
  const metadata = await start(SOON, SMALL_SEGMENTS, ...unlimited);
  create(metadata, 20);
  now += 8 * DAY;
  create(metadata, 1);
  await settle();
  expect(segments()[0]).toBe("00000000000000000000.log");
  metadata.close();
  for (const name of snapshots().slice(0, -1)) disk.remove(`${FOLDER}/${name}`);
  await start(NOT_YET, "metadata.max.retention.bytes=1");
  await settle();
  expect([segments()[0], snapshots().length]).toEqual(["00000000000000000000.log", 1]);
});

test("the indexes that Kafka has put beside a segment go with it", async () => {
  const metadata = await start(SOON, SMALL_SEGMENTS);
  create(metadata, 20);
  metadata.close();
  for (const suffix of ["index", "timeindex"]) disk.writeFile(`${FOLDER}/00000000000000000000.${suffix}`, "");
  await start(NOT_YET, "metadata.max.retention.bytes=1");
  await settle();
  expect(disk.files().filter((path) => path.includes("/00000000000000000000."))).toEqual([]);
});

test("wherever the power goes while old files are removed, the log opens with everything in it", async () => {
  for (let changes = 0; ; changes++) {
    disk = new SimulatedDisk(changes + 1);
    created = 0;
    const metadata = await start(SOON, SMALL_SEGMENTS);
    create(metadata, 15);
    metadata.close();
    disk.powerOffAfter = disk.changes + changes;
    const isOver = await start(NOT_YET, "metadata.max.retention.bytes=1").then(
      () => true,
      () => false,
    );
    await settle();
    const finished = isOver && disk.changes < disk.powerOffAfter;
    disk.crash((["drop", "keep", "tear"] as const)[changes % 3] ?? "drop");
    const again = await start(NOT_YET);
    expect(again.image.topicNames()).toHaveLength(15);
    if (finished) break;
  }
});

test("a log that was taken away does not begin anew: changes are refused, and the console says once why", async () => {
  const metadata = await start();
  create(metadata, 2);
  metadata.close();
  const reopened = await start();
  disk.rename(FOLDER, "/away");
  for (let count = 0; count < 2; count++) expect(() => create(reopened, 1)).toThrow("ENOENT");
  expect(disk.exists(FOLDER)).toBe(false);
  const errors = logger.lines.filter((line) => line.startsWith("ERROR"));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(`The metadata log in ${FOLDER} can't be written: ENOENT`);
  expect(errors[0]).toContain("was taken away: put that back");
  disk.rename("/away", FOLDER);
  create(reopened, 1);
  expect((await start()).image.topicNames()).toHaveLength(3);
});
