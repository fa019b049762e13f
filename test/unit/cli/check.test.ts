import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { checkAll } from "../../../src/cli/check/check.ts";
import { removeTemporaryFolders } from "../../support/broker-process.ts";
import { KeptOutput, runCommand } from "../../support/command-run.ts";
import { unpackGoldenDirectory } from "../../support/golden-directory.ts";

const FIRST = "00000000000000000000";
const golden = unpackGoldenDirectory();
/** The same without the folders of internal topics in which nothing was ever written: quicker to copy. */
const lean = `${golden}-lean`;
beforeAll(() => {
  Bun.spawnSync(["cp", "-r", golden, lean]);
  for (const name of readdirSync(lean)) {
    const log = join(lean, name, `${FIRST}.log`);
    if (/^__(consumer_offsets|transaction_state)-/.test(name) && statSync(log).size === 0) {
      rmSync(join(lean, name), { recursive: true });
    }
  }
});
afterAll(removeTemporaryFolders);

let data: string;
let copies = 0;
beforeEach(() => {
  data = `${golden}-${copies++}`;
  Bun.spawnSync(["cp", "-r", lean, data]);
});
afterEach(() => void Bun.spawnSync(["rm", "-r", data]));

/** What is found in the directory: the lines between the one about the directory and the sum. */
async function found(...directories: string[]) {
  const { code, lines } = await runCommand("check", ...(directories.length > 0 ? directories : [data]));
  const findings = lines.slice(Math.max(1, directories.length), -1);
  return { code, findings: findings.map((line) => line.replaceAll(`${data}/`, "")), sum: lines.at(-1) };
}

function change(file: string, edit: (bytes: Buffer) => void): void {
  const path = join(data, file);
  const bytes = readFileSync(path);
  edit(bytes);
  writeFileSync(path, bytes);
}

const flip = (at: number) => (bytes: Buffer) => void bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);

/** Every file with its size, time and content. */
function state(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(directory, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

describe("a directory that was closed cleanly", () => {
  test("has no problem when Apache Kafka left it, and is as it was afterwards", async () => {
    const before = state(golden);
    const { code, lines } = await runCommand("check", "--deep-iteration", golden);
    expect(code).toBe(0);
    expect(lines).toEqual([
      `${golden}: cluster MkU3OEVBNTcwNTJENDM2Qk, node 1, closed cleanly`,
      "12 topics, 123 partitions, 126 segments, 438 batches and 4185916 bytes were looked at: no problem",
    ]);
    expect(state(golden)).toEqual(before);
  });

  for (const [what, file, edit, finding] of [
    [
      "a batch's bytes",
      `transactional-0/${FIRST}.log`,
      flip(500),
      "at byte 483: the CRC of the batch at offset 11 is wrong",
    ],
    [
      "a batch's offset",
      `transactional-0/${FIRST}.log`,
      flip(483 + 6),
      "at byte 561: a batch begins at offset 12 where",
    ],
    [
      "a batch's length",
      `transactional-0/${FIRST}.log`,
      flip(483 + 8),
      "that says it has 16777294: nothing behind it could be checked",
    ],
    [
      "a batch's leader epoch",
      `plain-gzip-0/${FIRST}.log`,
      flip(15),
      "leader-epoch-checkpoint: the batch at offset 0 is of epoch 1, and epoch 0 is said to be there",
    ],
    [
      "an index by offset",
      `compacted-0/${FIRST}.index`,
      flip(7),
      "at byte 0: the entry for offset 1006 leads to byte 9324, where no batch begins",
    ],
    [
      "an index by offset",
      `compacted-0/${FIRST}.index`,
      flip(1),
      "at byte 0: the entry for offset 66542 leads to byte 9325, where offsets",
    ],
    [
      "an index by time",
      `compacted-0/${FIRST}.timeindex`,
      flip(7),
      "at byte 0: the entry for offset 1006 says 1795252273663, and the batch's largest timestamp is 1795252273662",
    ],
    [
      "an index of aborted transactions",
      `transactional-0/${FIRST}.txnindex`,
      flip(9),
      "at byte 0: the entry for the transaction aborted at offset 3 names producer 7, and it was 6",
    ],
    [
      "an index of aborted transactions",
      `transactional-0/${FIRST}.txnindex`,
      flip(25),
      "at byte 0: no transaction was aborted at offset 2",
    ],
    [
      "an index of aborted transactions",
      `transactional-0/${FIRST}.txnindex`,
      flip(33),
      "says the last stable offset was 5, and it was 4",
    ],
    [
      "a snapshot of producers",
      "compacted-0/00000000000000001200.snapshot",
      flip(30),
      "does not have the CRC it says it has; a start reads the log instead",
    ],
    [
      "leader epochs",
      "plain-none-0/leader-epoch-checkpoint",
      flip(2),
      "A checkpoint file of 0 entries holds 1",
    ],
    [
      "an offset checkpoint",
      "recovery-point-offset-checkpoint",
      flip(0),
      "Unknown version 1 of a checkpoint file",
    ],
    [
      "the metadata log",
      `__cluster_metadata-0/${FIRST}.log`,
      flip(600),
      "at byte 504: the CRC of a batch is wrong",
    ],
    [
      "the snapshot that the metadata began with",
      "bootstrap.checkpoint",
      flip(100),
      "at byte 83: the CRC of a batch is wrong",
    ],
    [
      "the id of a partition's topic",
      "plain-none-0/partition.metadata",
      flip(25),
      "plain-none-0: it belongs to a topic with the id ",
    ],
  ] as const) {
    test(`has a problem when ${what} was changed: ${finding}`, async () => {
      change(file, edit);
      const { code, findings } = await found();
      expect(code).toBe(1);
      expect(findings.filter((line) => line.startsWith("problem") && line.includes(finding))).toHaveLength(1);
    });
  }

  test("has a problem when an aborted transaction is missing in the index", async () => {
    truncateSync(join(data, `transactional-0/${FIRST}.txnindex`), 34 * 5);
    expect((await found()).findings).toEqual([
      `problem transactional-0/${FIRST}.txnindex: the transaction aborted at offset 67 is missing`,
    ]);
  });

  test("has a problem when the largest timestamp is missing in the index", async () => {
    truncateSync(join(data, `compacted-0/${FIRST}.timeindex`), 12);
    expect((await found()).findings).toEqual([
      `problem compacted-0/${FIRST}.timeindex at byte 12: the segment's largest timestamp is 1795252273663, and the last entry says 1795252273662`,
    ]);
  });

  test("has a problem when a segment in between is gone, or a checkpoint knows more than the log", async () => {
    for (const suffix of ["log", "index", "timeindex"])
      rmSync(join(data, `segmented-0/${FIRST.slice(4)}4064.${suffix}`));
    const { code, findings } = await found();
    expect(code).toBe(1);
    expect(findings).toContain(
      "problem recovery-point-offset-checkpoint: says offset 5000 of segmented-0, whose log ends at 4064",
    );
  });

  test("has a problem when a partition's folder or its partition.metadata is gone", async () => {
    rmSync(join(data, "plain-none-1"), { recursive: true });
    rmSync(join(data, "plain-gzip-0/partition.metadata"));
    const { findings } = await found();
    expect(findings).toContain(
      "problem plain-none-1: there is no such folder, and a checkpoint says that it had offset 150",
    );
    expect(findings).toContain(
      "problem plain-gzip-0/partition.metadata: is missing: Apache Kafka would take the folder for a stray",
    );
  });

  test("has a problem when a folder is of a topic or a partition that the metadata doesn't have", async () => {
    renameSync(join(data, "plain-none-1"), join(data, "unknown-0"));
    cpSync(join(data, "plain-gzip-0"), join(data, "plain-gzip-7"), { recursive: true });
    const { findings } = await found();
    expect(findings).toContain(
      "problem unknown-0: the metadata has no such topic: a stray, which nobody can read",
    );
    expect(findings).toContain("problem plain-gzip-7: the metadata has only 2 partitions of the topic");
  });

  test("has notes on what is left over, put aside, or nobody's", async () => {
    writeFileSync(join(data, `plain-gzip-0/${FIRST}.log.cleaned`), "");
    writeFileSync(join(data, "plain-none-0/notes.txt"), "");
    renameSync(join(data, "compacted-2"), join(data, "compacted-2.0123456789abcdef0123456789abcdef-stray"));
    cpSync(join(data, "compacted-1"), join(data, "gone-0.0123456789abcdef0123456789abcdef-delete"), {
      recursive: true,
    });
    const { findings } = await found();
    expect(findings.filter((line) => line.startsWith("note"))).toEqual([
      "note    compacted-2.0123456789abcdef0123456789abcdef-stray: it is put aside as stray",
      "note    gone-0.0123456789abcdef0123456789abcdef-delete: it was deleted; a start removes it",
      `note    plain-gzip-0: ${FIRST}.log.cleaned: left behind; a start removes them or finishes what they were for`,
      "note    plain-none-0: notes.txt: files that no broker has made",
      `note    ${data}: compacted has no folder for partition 2; a start makes it, empty`,
    ]);
  });

  test("has notes on indexes that are missing, and no problem", async () => {
    rmSync(join(data, `compacted-0/${FIRST}.index`));
    rmSync(join(data, `compacted-0/${FIRST}.timeindex`));
    const { code, findings } = await found();
    expect(code).toBe(0);
    expect(findings).toEqual([
      `note    compacted-0/${FIRST}.log: indexes of this segment are missing; a start makes them anew`,
    ]);
  });

  test("has a problem when its identity is missing or wrong", async () => {
    writeFileSync(join(data, "meta.properties"), "version=1\ncluster.id=x\nnode.id=one\n");
    const { lines } = await runCommand("check", data);
    expect(lines[0]).toBe(`problem ${data}/meta.properties: line 3: node.id is 'one', which is no node id`);
    rmSync(join(data, "meta.properties"));
    expect((await found()).code).toBe(1);
  });
});

describe("a directory that was not closed cleanly", () => {
  beforeEach(() => rmSync(join(data, ".kafka_cleanshutdown")));

  test("has no problem when a checkpoint is older than the deletion of a topic", async () => {
    const file = "replication-offset-checkpoint";
    const text = readFileSync(join(data, file), "utf8");
    const [version, count, ...entries] = text.split("\n");
    writeFileSync(join(data, file), [version, Number(count) + 1, "deleted 0 17", ...entries].join("\n"));
    expect(await found()).toMatchObject({ code: 0, findings: [] });
  });

  test("has a note on a batch that was not written to its end", async () => {
    appendFileSync(
      join(data, `plain-gzip-0/${FIRST}.log`),
      readFileSync(join(data, `plain-gzip-0/${FIRST}.log`)).subarray(0, 200),
    );
    const { code, findings } = await found();
    expect(code).toBe(0);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain("what was being written; a start after a crash cuts it off");
  });

  test("has a problem when what was flushed before the crash isn't there", async () => {
    const log = join(data, `plain-gzip-0/${FIRST}.log`);
    truncateSync(log, statSync(log).size - 10);
    const { code, findings } = await found();
    expect(code).toBe(1);
    expect(findings.some((line) => line.includes("whose log ends at"))).toBe(true);
  });

  test("has notes on indexes that lag behind the recovery point", async () => {
    writeFileSync(join(data, "recovery-point-offset-checkpoint"), "0\n0\n");
    truncateSync(join(data, `compacted-0/${FIRST}.timeindex`), 12);
    change(`compacted-0/${FIRST}.index`, flip(7));
    const { code, findings } = await found();
    expect(code).toBe(0);
    expect(findings.every((line) => line.includes("a start makes it anew"))).toBe(true);
    expect(findings).toHaveLength(1);
  });
});

test("a directory that a broker works on is checked all the same, and what is being written is left out", async () => {
  truncateSync(join(data, `compacted-0/${FIRST}.timeindex`), 12);
  appendFileSync(join(data, `plain-gzip-0/${FIRST}.log`), "half of a batch");
  const output = new KeptOutput();
  const code = await checkAll([data], output, { deep: false, holderOf: () => 4711 });
  expect(output.lines[0]).toEndWith("node 1, in use by process 4711: what is being written now is left out");
  expect(code).toBe(0);
});

test("several directories of one broker are compared with each other", async () => {
  const other = `${data}-other`;
  cpSync(data, other, { recursive: true });
  change("meta.properties", (bytes) => void bytes.write("node.id=2", bytes.indexOf("node.id=")));
  const { lines, code } = await runCommand("check", other, data);
  expect(code).toBe(1);
  expect(lines).toContain(`problem ${data}/meta.properties: node.id is 2, and 1 in ${other}`);
  expect(lines).toContain(`problem ${data}/meta.properties: directory.id is also that of ${other}`);
  expect(existsSync(join(data, ".lock"))).toBe(existsSync(join(golden, ".lock")));
});

test("a directory that isn't there is a problem", async () => {
  const { code, lines } = await runCommand("check", "/nowhere");
  expect(code).toBe(1);
  expect(lines[0]).toContain("problem /nowhere: ENOENT");
});

test("of many findings in one file the first are told, and the others counted", async () => {
  change(`compacted-0/${FIRST}.log`, (bytes) => void bytes.fill(0, 30, 40));
  const log = readFileSync(join(data, `segmented-0/${FIRST.slice(4)}4064.log`));
  change(`segmented-0/${FIRST.slice(4)}4064.log`, (bytes) => {
    for (let at = 0; at < log.length; at += log.readInt32BE(at + 8) + 12) bytes.writeUInt8(0x55, at + 70);
  });
  const { findings } = await found();
  expect(findings.filter((line) => line.includes("4064.log at byte"))).toHaveLength(10);
  expect(findings.some((line) => /^ +segmented-0.*: \d+ more of it$/.test(line))).toBe(true);
});
