/** What a new metadata log begins with. */
import { expect, test } from "bun:test";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { DIRECTORY, FOLDER, inWords, LOG, open } from "./support.ts";

const CONTROLLER = [{ name: "CONTROLLER", host: "localhost", port: 9093 }];

test("a new log begins as Kafka's does, at the lowest metadata.version that holds its records", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk);

  expect(inWords(disk.readFile(LOG))).toEqual([
    "1 leaderChange",
    '1 BeginTransactionRecord 0 {"name":"Bootstrap records"}',
    '1 FeatureLevelRecord 0 {"name":"metadata.version","featureLevel":17}',
    '1 FeatureLevelRecord 0 {"name":"group.version","featureLevel":1}',
    '1 FeatureLevelRecord 0 {"name":"transaction.version","featureLevel":2}',
    "1 EndTransactionRecord 0 {}",
  ]);
  expect([...metadata.image.features]).toEqual([
    ["metadata.version", 17],
    ["group.version", 1],
    ["transaction.version", 2],
  ]);
  const text = (name: string) => disk.readFile(`${FOLDER}/${name}`).toString();
  expect(text("partition.metadata")).toBe("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
  expect(text("leader-epoch-checkpoint")).toBe("0\n1\n1 0\n");
  expect(text("quorum-state")).toBe(
    '{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}',
  );
});

test("with the controller's address a new log names its voter, as kafka-storage.sh --standalone does", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk, { controllerEndpoints: CONTROLLER });

  expect(inWords(disk.readFile(LOG)).slice(0, 3)).toEqual([
    "1 leaderChange",
    "1 kraftVersion",
    "1 kraftVoters",
  ]);
  expect(metadata.image.features.get("kraft.version")).toBe(1);
  expect(disk.readFile(`${FOLDER}/quorum-state`).toString()).toBe(
    '{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
  );
  metadata.close();

  const again = await open(disk, { controllerEndpoints: CONTROLLER });
  expect(again.image.features.get("kraft.version")).toBe(1);
});

test("the feature levels of a new directory can be given", async () => {
  const disk = new SimulatedDisk();
  const levels = new Map([
    ["transaction.version", 2],
    ["metadata.version", 24],
    ["group.version", 1],
    ["share.version", 0],
  ]);
  const { image } = await open(disk, { featureLevels: levels });

  expect(Object.fromEntries(image.features)).toEqual({
    "metadata.version": 24,
    "group.version": 1,
    "transaction.version": 2,
  });
  expect(disk.exists(`${DIRECTORY}/bootstrap.checkpoint`)).toBe(true);
});

test("a directory keeps the feature levels it was made with", async () => {
  const disk = new SimulatedDisk();
  const older = new Map([
    ["metadata.version", 17],
    ["transaction.version", 1],
  ]);
  (await open(disk, { featureLevels: older })).close();

  expect([...(await open(disk)).image.features]).toEqual([...older]);
});
