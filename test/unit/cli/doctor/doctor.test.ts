/**
 * What the doctor finds wrong with a configuration and its surroundings, while no broker runs.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, removeTemporaryFolders, temporaryFolder } from "../../../support/broker-process.ts";
import { runCommand } from "../../../support/command-run.ts";

afterAll(removeTemporaryFolders);

interface Told {
  readonly verdict: string;
  readonly problems: number;
  readonly warnings: number;
  readonly listeners: readonly { name: string; binds: string; tells: string | null }[];
  readonly findings: readonly { about: string; severity: string; message: string; advice: string | null }[];
}

/** Runs the doctor on a properties file with these lines, and on a log directory of its own. */
async function examined(lines: readonly string[], ...words: readonly string[]) {
  const folder = temporaryFolder();
  const file = join(folder, "server.properties");
  writeFileSync(file, ["node.id=1", `log.dirs=${folder}/data`, ...lines, ""].join("\n"));
  const { code, lines: printed } = await runCommand("doctor", file, "--output", "json", ...words);
  const told = JSON.parse(printed.join("\n")) as Told;
  const found = (severity: string) =>
    told.findings.filter((one) => one.severity === severity).map(({ message }) => message);
  return {
    code,
    told,
    folder,
    file,
    problems: found("problem"),
    warnings: found("warning"),
    notes: found("note"),
  };
}

const PROPERTIES = (clusterId: string, nodeId: number) =>
  `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n`;

/** A log directory that has been formatted. */
function formatted(clusterId: string, nodeId = 1): string {
  const directory = join(temporaryFolder(), "data");
  mkdirSync(directory);
  writeFileSync(join(directory, "meta.properties"), PROPERTIES(clusterId, nodeId));
  return directory;
}

describe("The doctor", () => {
  test("finds nothing wrong with a broker that isn't running, and changes nothing", async () => {
    const port = await freePort();
    const { code, told, folder, notes } = await examined([`listeners=PLAINTEXT://127.0.0.1:${port}`]);

    expect({ code, verdict: told.verdict }).toEqual({ code: 0, verdict: "nothing is wrong here." });
    expect(notes).toContain(`Nothing listens on port ${port}: the broker isn't running.`);
    expect(told.listeners).toEqual([
      { name: "PLAINTEXT", binds: `127.0.0.1:${port}`, tells: null, resolvesTo: [] } as never,
    ]);
    expect(readdirSync(folder)).toEqual(["server.properties"]);
  });

  test("says what is wrong with the configuration, line by line", async () => {
    const { code, file, problems } = await examined(["num.partitions=none", "log.segment.bytes=-1"]);

    expect(code).toBe(1);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toStartWith(`${file}:3: num.partitions=none: not allowed`);
  });

  test("warns of keys that nobody knows", async () => {
    const { code, file, warnings } = await examined([
      "listeners=PLAINTEXT://127.0.0.1:0",
      "advertised.listener=x",
    ]);

    expect(code).toBe(0);
    expect(warnings).toEqual([
      `${file}:4: unknown key advertised.listener; the nearest known key is advertised.listeners`,
    ]);
  });

  test("names the process that has a port", async () => {
    const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const { code, problems, told } = await examined([`listeners=PLAINTEXT://127.0.0.1:${server.port}`]);
    server.stop(true);

    expect(code).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`Port ${server.port} is in use by process ${process.pid}`);
    expect(told.verdict).toStartWith("1 problem. Begin with listener PLAINTEXT: Port ");
  });
});

describe("Of what clients are told, the doctor", () => {
  test("warns of localhost on a listener for all interfaces", async () => {
    const port = await freePort();
    const { code, warnings, told } = await examined([
      `listeners=PLAINTEXT://:${port}`,
      `advertised.listeners=PLAINTEXT://localhost:${port}`,
    ]);

    expect(code).toBe(0);
    expect(warnings).toEqual([
      `It listens for other machines, and tells them localhost:${port}, which each takes for itself.`,
    ]);
    expect(told.listeners[0]).toMatchObject({ binds: `*:${port}`, tells: `localhost:${port}` });
  });

  test("doesn't warn of localhost where only this machine can connect", async () => {
    const port = await freePort();
    const { warnings } = await examined([
      `listeners=PLAINTEXT://127.0.0.1:${port}`,
      `advertised.listeners=PLAINTEXT://localhost:${port}`,
    ]);

    expect(warnings).toEqual([]);
  });

  test("warns of a name that this machine doesn't know", async () => {
    const { warnings } = await examined([
      "listeners=PLAINTEXT://127.0.0.1:0",
      "advertised.listeners=PLAINTEXT://kafka.invalid:9092",
    ]);

    expect(warnings).toEqual(["This machine knows no host kafka.invalid."]);
  });

  test("mentions a port that something has to forward", async () => {
    const port = await freePort();
    const { notes } = await examined([
      `listeners=PLAINTEXT://127.0.0.1:${port}`,
      "advertised.listeners=PLAINTEXT://localhost:1",
    ]);

    expect(notes).toContain(`It listens on port ${port}, and clients are told 1.`);
  });
});

describe("Of the log directories, the doctor", () => {
  const listener = "listeners=PLAINTEXT://127.0.0.1:0";

  test("finds that the cluster id isn't the one that is asked for, and names both ways out", async () => {
    const directory = formatted("stored");
    const { code, told } = await examined([listener, `log.dirs=${directory}`], "--cluster-id", "wanted");
    const problem = told.findings.find(({ severity }) => severity === "problem");

    expect(code).toBe(1);
    expect(problem?.message).toBe(
      `${directory}/meta.properties is of cluster stored, and CLUSTER_ID is wanted.`,
    );
    expect(problem?.advice).toBe(
      "Leave CLUSTER_ID out or set it to stored, to keep the data; or give log.dirs an empty directory.",
    );
  });

  test("finds directories of another node, and of two clusters", async () => {
    const [one, other] = [formatted("one"), formatted("other", 7)];
    const { problems } = await examined([listener, `log.dirs=${one},${other}`]);

    expect(problems).toEqual([
      `${other}/meta.properties is of node 7, and node.id is 1.`,
      `It belongs to cluster other, and ${one} to cluster one.`,
    ]);
  });

  test("finds a damaged meta.properties, and a file in place of a directory", async () => {
    const directory = formatted("c");
    writeFileSync(join(directory, "meta.properties"), "version=1\nnode.id=1\n");
    const damaged = await examined([listener, `log.dirs=${directory}`]);
    const file = await examined([listener, `log.dirs=${join(directory, "meta.properties")}`]);

    expect(damaged.problems).toEqual([`${directory}/meta.properties: cluster.id is missing`]);
    expect(file.problems).toEqual([`${directory}/meta.properties is a file, and no directory.`]);
  });
});

test("A person reads the findings under headings, and a verdict", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "server.properties");
  writeFileSync(file, `listeners=PLAINTEXT://127.0.0.1:0\nlog.dirs=${folder}/data\n`);
  const { code, lines } = await runCommand("doctor", file);

  expect(code).toBe(0);
  expect(lines).toEqual([
    `Configuration: ${file}`,
    "Broker: not running on these log directories",
    "",
    `Log directory ${folder}/data`,
    "  ok      It isn't there yet; the first start makes it.",
    "",
    "Listener PLAINTEXT on 127.0.0.1:0, tells clients the address by which they came",
    "  note    Its port is any that is free: clients can't know it beforehand.",
    expect.stringContaining("  note    Nothing is advertised"),
    expect.stringMatching(/^ {10}→ /),
    "",
    "Verdict: nothing is wrong here.",
  ]);
});

test("A form of output that there isn't is refused", async () => {
  expect((await runCommand("doctor", "--output", "yaml")).complaint).toContain(
    "--output is text or json, and not yaml",
  );
});
