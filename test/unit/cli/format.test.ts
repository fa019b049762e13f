import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { metadataVersionOf, releaseOf } from "../../../src/metadata/releases.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../support/broker-process.ts";
import { runCommand } from "../../support/command-run.ts";

afterAll(removeTemporaryFolders);

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const format = (...words: readonly string[]) =>
  runCommand("format", "--override", `log.dirs=${folder}/a,${folder}/b`, ...words);

/** The records that a directory's metadata log begins with. */
async function records(directory: string): Promise<string> {
  const log = join(directory, "__cluster_metadata-0", "00000000000000000000.log");
  const { lines } = await runCommand("dump-log", "--print-data-log", "--skip-record-metadata", log);
  return lines.join("\n");
}

describe("formatting", () => {
  test("gives each directory the cluster's id and the node's, and says so", async () => {
    const { code, lines } = await format("--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk");
    expect(code).toBe(0);
    expect(lines).toEqual([
      `Formatted ${folder}/a for node 1 of cluster MkU3OEVBNTcwNTJENDM2Qk`,
      "  with metadata.version 3.7-IV2",
      `Formatted ${folder}/b for node 1 of cluster MkU3OEVBNTcwNTJENDM2Qk`,
    ]);
    for (const name of ["a", "b"]) {
      const properties = readFileSync(join(folder, name, "meta.properties"), "utf8");
      expect(properties).toContain("cluster.id=MkU3OEVBNTcwNTJENDM2Qk\n");
      expect(properties).toContain("node.id=1\n");
    }
    expect((await runCommand("check", `${folder}/a`, `${folder}/b`)).code).toBe(0);
  });

  test("makes an id for the cluster where none is given", async () => {
    const { lines } = await format();
    expect(lines[0]).toMatch(/ of cluster [\w-]{22}$/);
  });

  test("takes the metadata.version from a release", async () => {
    const { lines } = await format("--release-version", "4.0");
    expect(lines[1]).toBe("  with metadata.version 4.0-IV3");
    expect(await records(`${folder}/a`)).toContain('"name":"metadata.version","featureLevel":25');
  });

  test("takes the level of a feature", async () => {
    await format("--feature", "metadata.version=20");
    expect(await records(`${folder}/a`)).toContain('"name":"metadata.version","featureLevel":20');
  });

  test("makes the node the voter that its metadata log names with --standalone", async () => {
    const file = join(folder, "server.properties");
    writeFileSync(
      file,
      `process.roles=broker,controller\nnode.id=7\nlog.dirs=${folder}/a\nlisteners=PLAINTEXT://:9092,CONTROLLER://:9093\n` +
        "controller.listener.names=CONTROLLER\ncontroller.quorum.bootstrap.servers=localhost:9093\n" +
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n",
    );
    const { code, lines } = await runCommand("format", "--config", file, "--standalone", "--cluster-id", "x");
    expect(code).toBe(0);
    expect(lines[0]).toBe(`Formatted ${folder}/a for node 7 of cluster x`);
    expect(await records(`${folder}/a`)).toContain('KRaftVoters {"version":0,"voters":[{"voterId":7,');
  });
});

describe("a directory that is formatted already", () => {
  test("is refused, and nothing is touched", async () => {
    await format("--cluster-id", "x");
    const before = readFileSync(join(folder, "a", "meta.properties"), "utf8");
    const { code, complaint } = await format("--cluster-id", "x");
    expect(code).toBe(1);
    expect(complaint).toContain(`${folder}/a, ${folder}/b: already formatted`);
    expect(complaint).toContain("--ignore-formatted");
    expect(readFileSync(join(folder, "a", "meta.properties"), "utf8")).toBe(before);
  });

  test("is left as it is with --ignore-formatted, and the others are formatted for the same cluster", async () => {
    await runCommand("format", "--override", `log.dirs=${folder}/a`, "--cluster-id", "x");
    const log = readFileSync(join(folder, "a", "__cluster_metadata-0", "00000000000000000000.log"));
    const { code, lines } = await format("--ignore-formatted", "--cluster-id", "x");
    expect(code).toBe(0);
    expect(lines).toEqual([`Formatted ${folder}/b for node 1 of cluster x`]);
    expect(readFileSync(join(folder, "a", "__cluster_metadata-0", "00000000000000000000.log"))).toEqual(log);
    expect((await format("--ignore-formatted")).lines).toEqual([
      "All log directories are formatted already.",
    ]);
  });

  test("of another cluster is refused even with --ignore-formatted", async () => {
    await runCommand("format", "--override", `log.dirs=${folder}/a`, "--cluster-id", "x");
    const { code, complaint } = await format("--ignore-formatted", "--cluster-id", "y");
    expect(code).toBe(1);
    expect(complaint).toContain("the directory is of cluster x, and the cluster id given is y");
  });
});

describe("what can't be", () => {
  for (const [words, what] of [
    [["--release-version", "2.8"], "--release-version 2.8 is not known; there are 3.3-IV3 to 4.4-IV2"],
    [["--feature", "metadata.version=34"], "its levels go from 7 to 33 (4.4-IV2)"],
    [["--feature", "group.protocol=1"], "there is no such feature; there are "],
    [["--feature", "metadata.version"], "must have the form name=level"],
    [["--feature", "kraft.version=1"], "kraft.version is 1 with --standalone, and 0 without"],
    [["-f", "metadata.version=20", "-r", "3.8"], "both say which it is"],
    [["--no-initial-controllers"], "Houska runs as the only controller"],
    [["server.properties"], "a properties file is given by --config"],
  ] as const) {
    test(`is refused as a wrong use: ${words.join(" ")}`, async () => {
      const { code, complaint } = await format(...words);
      expect(code).toBe(2);
      expect(complaint).toContain(what);
      expect(existsSync(join(folder, "a"))).toBe(false);
    });
  }

  test("is told with file and line where the configuration is wrong", async () => {
    const file = join(folder, "server.properties");
    writeFileSync(file, "node.id=one\n");
    const { code, complaint } = await runCommand("format", "--config", file);
    expect(code).toBe(1);
    expect(complaint).toContain(`${file}:1: node.id=one`);
  });

  test("is a directory of partitions that nothing says the cluster of", async () => {
    mkdirSync(join(folder, "a", "t-0"), { recursive: true });
    writeFileSync(
      join(folder, "a", "t-0", "partition.metadata"),
      "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ",
    );
    const { code, complaint } = await format();
    expect(code).toBe(1);
    expect(complaint).toContain("holds t-0 but no meta.properties");
  });
});

test("releases are known by their full name, by the release, and by its patches", () => {
  expect(metadataVersionOf("3.7-IV2")).toBe(17);
  expect(metadataVersionOf("3.7")).toBe(19);
  expect(metadataVersionOf("3.7.1")).toBe(19);
  expect(metadataVersionOf("4.4")).toBe(33);
  expect(metadataVersionOf("3.7-IV9")).toBeUndefined();
  expect(metadataVersionOf("next")).toBeUndefined();
  expect(releaseOf(33)).toBe("4.4-IV2");
});
