import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../../support/broker-process.ts";
import { runCommand } from "../../support/command-run.ts";
import { unpackGoldenDirectory } from "../../support/golden-directory.ts";

let data: string;
beforeAll(() => {
  data = unpackGoldenDirectory();
});
afterAll(removeTemporaryFolders);

const FIRST = "00000000000000000000";

/** What is printed of a file, without the line that names it. */
async function dump(file: string, ...options: readonly string[]) {
  const { code, lines, complaint } = await runCommand("dump-log", ...options, join(data, file));
  expect(lines[0]).toBe(`Dumping ${join(data, file)}`);
  return { code, lines: lines.slice(1), complaint };
}

/** A copy of a file in a folder of the same name, to be damaged. */
function copyOf(folder: string, name: string): string {
  const copy = join(temporaryFolder(), folder);
  mkdirSync(copy);
  copyFileSync(join(data, folder, name), join(copy, name));
  return join(copy, name);
}

describe("of a log", () => {
  test("the batches are printed, and with --deep-iteration the records, and with --print-data-log what they hold", async () => {
    const batches = await dump(`transactional-0/${FIRST}.log`);
    expect(batches.code).toBe(0);
    expect(batches.lines[0]).toBe("Log starting offset: 0");
    expect(batches.lines.every((line) => !line.startsWith("|"))).toBe(true);
    expect(batches.lines.filter((line) => line.includes(" isControl: true ")).length).toBe(18);

    const deep = await dump(`transactional-0/${FIRST}.log`, "--deep-iteration");
    expect(deep.lines).toContain(
      "| offset: 71 CreateTime: 1795252276021 keySize: 4 valueSize: 6 sequence: -1 headerKeys: [] endTxnMarker: COMMIT coordinatorEpoch: 0",
    );
    expect(deep.lines.find((line) => line.startsWith("| offset: 68 "))).not.toContain("payload");

    const contents = await dump(`transactional-0/${FIRST}.log`, "--print-data-log");
    expect(contents.lines.find((line) => line.startsWith("| offset: 68 "))).toEndWith(
      "key: t5 payload: tx5.2.0",
    );
  });

  test("nothing but keys and values is printed of records with --skip-record-metadata", async () => {
    const { lines } = await dump(
      `transactional-0/${FIRST}.log`,
      "--print-data-log",
      "--skip-record-metadata",
    );
    expect(lines).toContain("| key: t5 payload: tx5.2.0");
  });

  test("no batch is begun after so many bytes with --max-bytes", async () => {
    const { lines } = await dump(`transactional-0/${FIRST}.log`, "--max-bytes", "200");
    expect(lines.filter((line) => line.startsWith("baseOffset")).at(-1)).toContain("position: 187 ");
  });

  test("values that are not text are printed in hex", async () => {
    const { lines } = await runCommand(
      "dump-log",
      "--print-data-log",
      copiedAs(`__consumer_offsets-24/${FIRST}.log`, "plain-0"),
    );
    expect(lines.find((line) => line.startsWith("| offset: 0 "))).toContain(
      "key: 0x0002000d67726f75702d636c6173736963",
    );
  });
});

/** A copy of a file in a folder of another name. */
function copiedAs(file: string, folder: string): string {
  const copy = join(temporaryFolder(), folder);
  mkdirSync(copy);
  copyFileSync(join(data, file), join(copy, `${FIRST}.log`));
  return join(copy, `${FIRST}.log`);
}

describe("the records of", () => {
  test("the metadata are decoded in their folder, in a snapshot, and wherever --cluster-metadata-decoder says so", async () => {
    const inLog = await dump(`__cluster_metadata-0/${FIRST}.log`, "--print-data-log");
    const feature =
      '{"type":"FEATURE_LEVEL_RECORD","version":0,"data":{"name":"metadata.version","featureLevel":30}}';
    expect(inLog.lines.some((line) => line.endsWith(`payload: ${feature}`))).toBe(true);
    expect(inLog.lines.some((line) => line.includes('LeaderChange: {"version":0,"leaderId":1,'))).toBe(true);

    const bootstrap = await dump("bootstrap.checkpoint", "--print-data-log");
    expect(bootstrap.lines[0]).toBe("KRaft bootstrap snapshot");
    expect(bootstrap.lines.some((line) => line.endsWith(`payload: ${feature}`))).toBe(true);

    const elsewhere = copiedAs(`__cluster_metadata-0/${FIRST}.log`, "elsewhere");
    const decoded = await runCommand("dump-log", "--cluster-metadata-decoder", elsewhere);
    expect(decoded.lines.slice(1)).toEqual(inLog.lines);
  });

  test("groups are decoded, what consumers say to each other included", async () => {
    const { code, lines } = await dump(`__consumer_offsets-24/${FIRST}.log`, "--print-data-log");
    expect(code).toBe(0);
    expect(lines.find((line) => line.startsWith("| offset: 2 "))).toEndWith(
      'key: {"type":"1","data":{"group":"group-classic","topic":"plain-zstd","partition":0}} ' +
        'payload: {"version":"4","data":{"offset":110,"leaderEpoch":0,"metadata":"note-0","commitTimestamp":1795252277310,"topicId":"GBzFriTiQq20fKmPM5J20g"}}',
    );
    expect(lines.find((line) => line.startsWith("| offset: 1 "))).toContain(
      '"subscription":{"topics":["plain-none","plain-zstd"],"userData":null,"ownedPartitions":[],"generationId":-1,"rackId":null}',
    );
  });

  test("transactional ids are decoded", async () => {
    const { lines } = await dump(`__transaction_state-21/${FIRST}.log`, "--print-data-log");
    expect(lines.find((line) => line.startsWith("| offset: 1 "))).toContain(
      'key: {"type":"0","data":{"transactionalId":"tx-2"}} payload: {"version":"1","data":{"producerId":8,',
    );
  });

  test("a group that are tombstones are printed as deletions", async () => {
    const { lines } = await dump(`__consumer_offsets-6/${FIRST}.log`, "--print-data-log");
    expect(lines.filter((line) => line.endsWith("payload: <DELETE>"))).toHaveLength(3);
  });
});

describe("of the files beside a log", () => {
  for (const [what, file, line] of [
    ["an index by offset", `compacted-0/${FIRST}.index`, "offset: 1006 position: 9325"],
    ["an index by time", `compacted-0/${FIRST}.timeindex`, "timestamp: 1795252273662 offset: 1006"],
    [
      "an index of aborted transactions",
      `transactional-0/${FIRST}.txnindex`,
      "version: 0 producerId: 6 firstOffset: 0 lastOffset: 3 lastStableOffset: 4",
    ],
    [
      "a snapshot of producers",
      "compacted-0/00000000000000001200.snapshot",
      "firstSequence: 1007 lastSequence: 1199 lastOffset: 1199 offsetDelta: 192",
    ],
    ["leader epochs", "compacted-0/leader-epoch-checkpoint", "epoch: 0 startOffset: 0"],
    ["an offset checkpoint", "log-start-offset-checkpoint", "topic: segmented partition: 0 offset: 1500"],
    ["a topic id", "compacted-0/partition.metadata", "topic_id: "],
    ["the identity of a log directory", "meta.properties", "node.id: 1"],
    ["the state of the quorum", "__cluster_metadata-0/quorum-state", "leaderEpoch: 2"],
    ["the sign of a clean stop", ".kafka_cleanshutdown", "brokerEpoch: "],
  ] as const) {
    test(`${what} is printed`, async () => {
      const { code, lines } = await dump(file);
      expect(code).toBe(0);
      expect(lines.filter((printed) => printed.includes(line))).not.toEqual([]);
    });
  }

  test("all are printed when a folder is named", async () => {
    const { code, lines } = await runCommand("dump-log", join(data, "transactional-0"));
    expect(code).toBe(0);
    const dumped = lines.filter((line) => line.startsWith("Dumping "));
    expect(dumped.map((line) => line.slice(line.lastIndexOf("/") + 1))).toEqual([
      `${FIRST}.index`,
      `${FIRST}.log`,
      `${FIRST}.timeindex`,
      `${FIRST}.txnindex`,
      "00000000000000000072.snapshot",
      "leader-epoch-checkpoint",
      "partition.metadata",
    ]);
  });
});

describe("a damaged file", () => {
  test("of batches is shown up to where it can't be read on, with file and position", async () => {
    const file = copyOf("transactional-0", `${FIRST}.log`);
    const bytes = readFileSync(file);
    bytes.writeUInt8(1, 1309 + 16);
    writeFileSync(file, bytes);
    const { code, lines, complaint } = await runCommand("dump-log", file);
    expect(code).toBe(1);
    expect(lines.at(-1)).toContain(" position: 1231 ");
    expect(complaint).toBe(
      `${file} at byte 1309: this is no batch of format 2: its magic is 1; ${bytes.length - 1309} bytes are not shown`,
    );
  });

  test("of batches is shown beyond a batch whose CRC is wrong, and the batch is named", async () => {
    const file = copyOf("transactional-0", `${FIRST}.log`);
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(1309 + 70) ^ 0x10, 1309 + 70);
    writeFileSync(file, bytes);
    const { code, lines, complaint } = await runCommand("dump-log", "--print-data-log", file);
    expect(code).toBe(1);
    expect(lines.find((line) => line.includes(" position: 1309 "))).toEndWith("isvalid: false");
    expect(lines.at(-1)).toContain("offset: 71 ");
    expect(complaint).toContain(`${file} at byte 1309: the CRC of this batch is wrong`);
  });

  test("that is cut short is shown as far as it goes", async () => {
    const log = copyOf("transactional-0", `${FIRST}.log`);
    truncateSync(log, 1400);
    const cut = await runCommand("dump-log", log);
    expect(cut.complaint).toBe(
      `${log} at byte 1309: a batch of 109 bytes begins where 91 are left; 91 bytes are not shown`,
    );
    const index = copyOf("transactional-0", `${FIRST}.txnindex`);
    truncateSync(index, 50);
    const entries = await runCommand("dump-log", index);
    expect(entries.lines).toHaveLength(2);
    expect(entries.complaint).toBe(`${index} at byte 34: the last entry has 16 of 34 bytes`);
  });

  for (const [folder, name, content, what] of [
    [
      "compacted-0",
      "00000000000000001200.snapshot",
      "nothing",
      "the snapshot is not a producer snapshot of version 1",
    ],
    ["compacted-0", "leader-epoch-checkpoint", "0\n2\n0 0\n", "A checkpoint file of 2 entries holds 1"],
    ["compacted-0", "partition.metadata", "version: 0\n", "this names no topic id"],
    ["__cluster_metadata-0", "quorum-state", "{", "this is no JSON"],
  ] as const) {
    test(`${name} that is none is told of`, async () => {
      const file = copyOf(folder, name);
      writeFileSync(file, content);
      const { code, complaint } = await runCommand("dump-log", file);
      expect(code).toBe(1);
      expect(complaint).toBe(`${file}: ${what}`);
    });
  }

  test("does not keep the files behind it from being printed, nor does one that isn't there", async () => {
    const { code, lines, complaint } = await runCommand(
      "dump-log",
      "--files",
      `/nowhere/${FIRST}.log,${join(data, "server.log4j")},${join(data, "meta.properties")}`,
    );
    expect(code).toBe(1);
    expect(lines).toContain("node.id: 1");
    expect(complaint).toContain(`/nowhere/${FIRST}.log: ENOENT`);
    expect(complaint).toContain("no file of a log directory has such a name");
  });
});
