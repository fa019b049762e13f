/** Whether log directories belong to this node and to each other, and what new ones are given. */
import { expect, test } from "bun:test";
import { prepareLogDirectories } from "../../../src/metadata/log-directories.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { contents, diskOf, seeded } from "./support.ts";

const [ONE, TWO] = ["/one", "/two"];

function prepare(
  disk: SimulatedDisk,
  ...options: { nodeId?: number; clusterId?: string; newClusterId?: string }[]
) {
  return prepareLogDirectories({
    disk,
    directories: [ONE, TWO],
    nodeId: 1,
    random: seeded(3),
    now: 0,
    ...options[0],
  });
}

function diskWith(files: Record<string, string>): SimulatedDisk {
  const disk = new SimulatedDisk();
  for (const [path, content] of Object.entries(files)) {
    disk.makeDirectory(path.slice(0, path.lastIndexOf("/")));
    disk.writeFile(path, content);
  }
  return disk;
}

const propertiesOf = (disk: SimulatedDisk, directory: string) =>
  disk.readFile(`${directory}/meta.properties`).toString();
const properties = (clusterId: string, nodeId: number, directoryId = "") =>
  `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\n${directoryId && `directory.id=${directoryId}\n`}`;

test("missing directories are made and formatted as one cluster's, each with an id of its own", () => {
  const disk = new SimulatedDisk();

  const { clusterId, directoryIds, formatted } = prepare(disk);

  expect(formatted).toBe(true);
  expect(new Set(directoryIds.values()).size).toBe(2);
  for (const directory of [ONE, TWO]) {
    const text = propertiesOf(disk, directory);
    expect(text).toContain(`cluster.id=${clusterId}\n`);
    expect(text).toContain("node.id=1\n");
    expect(text).toContain(`directory.id=${directoryIds.get(directory)}\n`);
  }
});

test("formatted directories are found again unchanged, even if the power fails right behind", () => {
  const disk = new SimulatedDisk();
  const first = prepare(disk);
  disk.crash("drop");
  const before = contents(disk);

  const second = prepare(disk);

  expect(second.directoryIds).toEqual(first.directoryIds);
  expect(second.clusterId).toBe(first.clusterId);
  expect(second.formatted).toBe(false);
  expect(contents(disk)).toEqual(before);
});

test("a cluster id that is given is the new directories'", () => {
  expect(prepare(new SimulatedDisk(), { clusterId: "mine" }).clusterId).toBe("mine");
});

test("a directory that comes to another becomes the same cluster's", () => {
  const disk = diskWith({ [`${ONE}/meta.properties`]: properties("c", 1, "lGjCXXOdsFbZF1GmhMNVjw") });

  const { clusterId, formatted } = prepare(disk);

  expect(clusterId).toBe("c");
  expect(formatted).toBe(false);
  expect(propertiesOf(disk, TWO)).toContain("cluster.id=c\n");
});

test("a directory without an id is given one, and keeps cluster and node", () => {
  const disk = diskWith({ [`${ONE}/meta.properties`]: properties("c", 1) });

  const { directoryIds } = prepare(disk);

  expect(propertiesOf(disk, ONE)).toContain(`directory.id=${directoryIds.get(ONE)}\n`);
  expect(propertiesOf(disk, ONE)).toContain("cluster.id=c\n");
});

test("the directories that kafka-storage.sh formatted are taken as they are", () => {
  const disk = diskOf("formatted-static", "/disks");
  const before = contents(disk);

  const { clusterId, directoryIds } = prepareLogDirectories({
    disk,
    directories: ["/disks/first", "/disks/second"],
    nodeId: 1,
    random: seeded(3),
    now: 0,
  });

  expect(clusterId).toBe("q1Sh-9_ISia_zwGINzRvyQ");
  expect([...directoryIds.values()].map(String)).toEqual([
    "lGjCXXOdsFbZF1GmhMNVjw",
    "ecO3XO0yNH0c4JCVecpzyw",
  ]);
  expect(contents(disk)).toEqual(before);
});

const ID = "lGjCXXOdsFbZF1GmhMNVjw";
test.each([
  [
    "of another node",
    { [`${ONE}/meta.properties`]: properties("c", 2) },
    "/one/meta.properties: the directory is of node 2, and the configuration says node.id=1",
  ],
  [
    "of two clusters",
    { [`${ONE}/meta.properties`]: properties("c", 1), [`${TWO}/meta.properties`]: properties("d", 1) },
    "/two/meta.properties: the directory is of cluster d, and /one/meta.properties says c",
  ],
  [
    "of which one is a copy",
    {
      [`${ONE}/meta.properties`]: properties("c", 1, ID),
      [`${TWO}/meta.properties`]: properties("c", 1, ID),
    },
    `/two/meta.properties: directory.id=${ID} is also the id of /one/meta.properties`,
  ],
  [
    "with a reserved id",
    { [`${ONE}/meta.properties`]: properties("c", 1, "AAAAAAAAAAAAAAAAAAAAAg") },
    "is reserved",
  ],
  [
    "with partitions of nobody's",
    { [`${ONE}/orders-0/partition.metadata`]: "" },
    "/one: holds orders-0 but no meta.properties",
  ],
  [
    "with a metadata log of nobody's",
    { [`${ONE}/__cluster_metadata-0/00000000000000000000.log`]: "" },
    "/one: holds __cluster_metadata-0 but no meta.properties",
  ],
  [
    "whose meta.properties is empty, though they hold partitions",
    { [`${ONE}/meta.properties`]: "", [`${ONE}/__cluster_metadata-0/00000000000000000000.log`]: "" },
    "/one/meta.properties: cluster.id is missing, and /one holds __cluster_metadata-0",
  ],
  [
    "of a Kafka with ZooKeeper",
    {
      [`${ONE}/meta.properties`]: "version=0\nbroker.id=1\ncluster.id=c\n",
      [`${ONE}/orders-0/00000000000000000000.log`]: "",
    },
    "keeps its metadata in ZooKeeper",
  ],
])("directories %s are refused and stay as they are", (_, files, message) => {
  const disk = diskWith(files);
  const before = contents(disk);

  expect(() => prepare(disk)).toThrow(message);
  expect(contents(disk)).toEqual(before);
});

test("directories of another cluster than the one that is given are refused", () => {
  const disk = diskWith({ [`${ONE}/meta.properties`]: properties("c", 1) });

  expect(() => prepare(disk, { clusterId: "d" })).toThrow("is of cluster c, and the cluster id given is d");
});

test("folders that only look like partitions don't stand in the way", () => {
  const disk = diskWith({ [`${ONE}/backup-2024/notes.txt`]: "" });

  expect(prepare(disk).formatted).toBe(true);
});

test("an id for new directories is given to new ones, and is no matter where there is another", () => {
  const disk = new SimulatedDisk();
  expect(prepare(disk, { newClusterId: "first" }).clusterId).toBe("first");
  expect(prepare(disk, { newClusterId: "second" }).clusterId).toBe("first");
  expect(prepare(new SimulatedDisk(), { clusterId: "said", newClusterId: "first" }).clusterId).toBe("said");
});
