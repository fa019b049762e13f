/**
 * What the executable is when it is called by the names of Kafka's tools that need no broker.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { administration } from "../../../src/cli/administration.ts";
import { run } from "../../../src/cli/run.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../support/broker-process.ts";
import { KeptOutput } from "../../support/command-run.ts";

afterAll(removeTemporaryFolders);

async function call(name: string, ...words: string[]) {
  const output = new KeptOutput();
  const code = await run(words, output, name);
  return { code, lines: output.lines, complaint: output.complaints.join("\n") };
}

describe("a tool of Kafka's", () => {
  test.each(["kafka-topics", "kafka-topics.sh", "/opt/kafka/bin/kafka-topics.sh", "./kafka-topics"])(
    "is called as %s",
    async (name) => {
      expect((await call(name, "--version")).lines).toEqual([expect.stringMatching(/^4\.3\.1 \(Houska \d/)]);
    },
  );

  test.each(administration.map(({ kafkaName = "" }) => kafkaName))("%s has a help", async (name) => {
    const { lines, complaint } = await call(name, "--help");
    expect([...lines, complaint].join("\n")).toMatch(/Option|usage|USAGE/);
  });

  test("says what is wrong with its words, and how it is used", async () => {
    const { code, complaint } = await call("kafka-topics", "--bootstrap-server", "x:1", "--lst");
    expect(code).toBe(1);
    expect(complaint).toStartWith("lst is not a recognized option; did you mean --list?\nOption   ");
  });

  test("names its actions where another was asked for", async () => {
    const { code, complaint } = await call("kafka-cluster", "cluster");
    expect(code).toBe(1);
    expect(complaint).toContain(
      "kafka-cluster: error: invalid choice: 'cluster' (choose from 'cluster-id', 'unregister', 'list-endpoints'",
    );
  });

  test("takes only addresses, and no security that there isn't", async () => {
    const file = join(temporaryFolder(), "client.properties");
    writeFileSync(file, "security.protocol=SSL\n");
    const words = ["cluster-id", "--bootstrap-server", "x:1", "--command-config", file];
    expect((await call("kafka-cluster", ...words)).complaint).toContain("security.protocol=SSL");
    expect((await call("kafka-cluster", "cluster-id", "--bootstrap-server", "x")).complaint).toContain(
      "Invalid url in bootstrap.servers: x",
    );
  });
});

describe("kafka-storage", () => {
  test("prints uuids, each another one", async () => {
    const one = await call("kafka-storage", "random-uuid");
    expect(one.lines).toEqual([expect.stringMatching(/^[\w][\w-]{21}$/)]);
    expect(await call("kafka-storage", "random-uuid")).not.toEqual(one);
  });

  test("formats directories, and tells of them", async () => {
    const folder = temporaryFolder();
    const config = join(folder, "server.properties");
    const directories = [join(folder, "a"), join(folder, "b")];
    const words = ["-c", config, "-t", "5L6g3nShT-eMCtK--X86sw"];
    writeFileSync(config, `node.id=7\nprocess.roles=broker,controller\nlog.dirs=${directories.join(",")}\n`);

    expect(await call("kafka-storage", "info", "-c", config)).toMatchObject({
      code: 1,
      lines: ["Found problems:", ...directories.map((path) => `  ${path} does not exist`), ""],
    });
    const formatted = await call("kafka-storage", "format", ...words);
    expect(formatted).toMatchObject({ code: 0 });
    expect(formatted.lines.slice(1)).toEqual([
      `Formatting metadata directory ${directories[0]} with metadata.version 3.7-IV2.`,
      `Formatting data directory ${directories[1]} with metadata.version 3.7-IV2.`,
    ]);
    expect(readFileSync(join(directories[1] ?? "", "meta.properties"), "utf8")).toContain("node.id=7");
    expect(await call("kafka-storage", "info", "-c", config)).toMatchObject({
      code: 0,
      lines: [
        ...["Found log directories:", ...directories.map((path) => `  ${path}`), ""],
        expect.stringMatching(
          /^Found metadata: \{cluster\.id=5L6g3nShT-eMCtK--X86sw, directory\.id=\S{22}, node\.id=7, version=1\}$/,
        ),
        "",
      ],
    });
    expect(await call("kafka-storage", "format", ...words)).toMatchObject({
      code: 1,
      complaint: expect.stringContaining(
        `Log directory ${directories[0]} is already formatted. Use --ignore-formatted`,
      ),
    });
    expect(await call("kafka-storage", "format", ...words, "-g")).toMatchObject({
      ...{ code: 0, lines: ["All of the log directories are already formatted."] },
    });
    const other = ["-c", config, "-t", "4L6g3nShT-eMCtK--X86sw", "-g"];
    expect((await call("kafka-storage", "format", ...other)).complaint).toContain(
      "the directory is of cluster 5L6g3nShT-eMCtK--X86sw",
    );
  });

  test("refuses what it can't do, and leaves the directories alone", async () => {
    const folder = temporaryFolder();
    const config = join(folder, "server.properties");
    writeFileSync(config, `node.id=1\nlog.dirs=${join(folder, "a")}\n`);
    for (const words of [["--no-initial-controllers"], ["-S", "SCRAM-SHA-256=[name=a,password=b]"]]) {
      const { code, complaint } = await call("kafka-storage", "format", "-c", config, "-t", "x", ...words);
      expect(code).toBe(1);
      expect(complaint).toContain("can't be done");
    }
    expect(existsSync(join(folder, "a"))).toBe(false);
  });
});

describe("kafka-run-class", () => {
  test.each(["org.apache.kafka.tools.TopicCommand", "kafka.admin.TopicCommand"])("runs %s", async (name) => {
    const { code, complaint } = await call("kafka-run-class", "-name", "x", "-loggc", name, "--lst");
    expect(code).toBe(1);
    expect(complaint).toContain("did you mean --list?");
  });

  test("runs nothing that isn't there", async () => {
    const { code, complaint } = await call("kafka-run-class", "kafka.tools.MirrorMaker");
    expect(code).toBe(1);
    expect(complaint).toContain("Could not find or load main class kafka.tools.MirrorMaker");
  });
});

describe("kafka-dump-log", () => {
  const log = join(
    import.meta.dir,
    "../../fixtures/metadata/controller-17/__cluster_metadata-0/00000000000000000000.log",
  );

  test("prints what houska dump-log prints", async () => {
    const ours = new KeptOutput();
    await run(["dump-log", "--print-data-log", log], ours);
    const kafkas = await call("kafka-dump-log", "--files", log, "--print-data-log");
    expect(kafkas.lines).toEqual(ours.lines);
    expect(kafkas.lines.length).toBeGreaterThan(10);
  });

  test("wants files, and refuses decoders that are Java's", async () => {
    expect((await call("kafka-dump-log")).complaint).toContain('Missing required argument "[files]"');
    const words = ["--files", log, "--value-decoder-class", "com.example.Mine"];
    expect(await call("kafka-dump-log", ...words)).toMatchObject({ code: 1, lines: [] });
  });
});

test("kafka-server-start without a properties file says how it is used", async () => {
  expect(await call("kafka-server-start")).toMatchObject({
    code: 1,
    complaint: "USAGE: kafka-server-start [-daemon] server.properties [--override property=value]*",
  });
});
