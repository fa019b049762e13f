/**
 * Damaged metadata logs: whatever byte is wrong and wherever the file ends, either the log opens without a write that
 * was interrupted, or it is refused with file and position. Reading changes nothing.
 */
import { expect, test } from "bun:test";
import { ClusterImage } from "../../../src/metadata/image/cluster-image.ts";
import { readLog } from "../../../src/metadata/log/read-log.ts";
import { MetadataError } from "../../../src/metadata/metadata-error.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { sizeInBytes } from "../../../src/records/batch-header.ts";
import { bytesOf } from "../../support/hand-made-bytes.ts";
import {
  batch,
  contents,
  diskWithLog,
  everythingIn,
  FOLDER,
  feature,
  fixture,
  LOG,
  open,
  partition,
  TOPIC_ID,
  topic,
} from "./support.ts";

const SECOND_ID = "Gdl28PCMSwuzauAlwbER5Q" as Uuid;
/** Kafka's own beginning of a log, then topics. */
const kafkas = fixture("controller-17", "__cluster_metadata-0", "00000000000000000000.log").subarray(0, 307);
const log = bytesOf(
  kafkas,
  batch(6, [topic("a", TOPIC_ID), partition(TOPIC_ID, 0)]),
  batch(8, [topic("b", SECOND_ID), partition(SECOND_ID, 0), partition(SECOND_ID, 1)]),
);

/** Where batches begin, and where the last one ends. */
const boundaries: number[] = [0];
for (let at = 0; at < log.length; at += sizeInBytes(log, at)) boundaries.push(at + sizeInBytes(log, at));

async function read(bytes: Uint8Array) {
  const disk = diskWithLog(bytes);
  const image = new ClusterImage("c");
  const before = contents(disk);
  try {
    const { state } = await readLog({ disk, folder: FOLDER, readFile: async (p) => disk.readFile(p), image });
    return { image, whole: state.segment?.sizeInBytes ?? 0 };
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return error;
  } finally {
    expect(contents(disk)).toEqual(before);
  }
}

function flipped(at: number, bit: number): Buffer {
  const bytes = Buffer.from(log);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes;
}

test("the log is whole", async () => {
  const result = await read(log);

  expect(boundaries.at(-1)).toBe(log.length);
  expect(result).not.toBeInstanceOf(MetadataError);
});

test("a file that ends anywhere is read up to its last whole batch", async () => {
  for (let size = 0; size < log.length; size++) {
    const result = await read(log.subarray(0, size));

    const expected = boundaries.findLast((boundary) => boundary <= size) ?? 0;
    expect(result instanceof MetadataError ? result.message : [size, result.whole]).toEqual([size, expected]);
  }
});

test("a file that ends anywhere and was then made longer by zeros is read the same", async () => {
  for (const boundary of boundaries) {
    const result = await read(bytesOf(log.subarray(0, boundary), Buffer.alloc(4096)));

    expect(result instanceof MetadataError ? result.message : result.whole).toBe(boundary);
  }
});

test("a wrong bit anywhere is found, or is in what Kafka does not look at either", async () => {
  const sound = everythingIn(new ClusterImage("c"));
  const good = await read(log);
  const all = good instanceof MetadataError ? sound : everythingIn(good.image);
  for (let at = 0; at < log.length; at++) {
    const start = boundaries.findLast((boundary) => boundary <= at) ?? 0;
    const inEpoch = at >= start + 12 && at < start + 16;
    for (let bit = 0; bit < 8; bit++) {
      const result = await read(flipped(at, bit));

      if (result instanceof MetadataError) {
        expect(result.path).toBe(LOG);
        expect(boundaries).toContain(result.position ?? -1);
      } else if (inEpoch || result.whole === log.length) {
        // The leader's epoch is outside of the CRC; so is the first offset, which may also be 1.
        expect(everythingIn(result.image)).toEqual(all);
        expect(inEpoch || (start === 0 && at === 7)).toBe(true);
      } else {
        throw new Error(`the bit ${bit} of byte ${at} cuts the log to ${result.whole}`);
      }
    }
  }
}, 60_000);

test("a length in the middle that reaches beyond the end is damage, and nothing behind it is given up", async () => {
  const bytes = Buffer.from(log);
  bytes.writeInt32BE(1_000_000, (boundaries[2] ?? 0) + 8);

  const result = await read(bytes);

  expect(result).toBeInstanceOf(MetadataError);
  expect(String(result)).toContain(`${LOG} at byte ${boundaries[2]}: a batch says it has 1000012 bytes`);
});

test("a wrong last batch is refused with what to do where the machine lost power", async () => {
  const last = boundaries.at(-2) ?? 0;
  const bytes = Buffer.from(log);
  bytes.fill(0, last + 100);

  const result = await read(bytes);

  expect(String(result)).toContain(`cutting the file to ${last} bytes opens the log without it`);
});

test("an interrupted write is cut off before the next one, and only then", async () => {
  const cut = log.subarray(0, -10);
  const disk = diskWithLog(bytesOf(cut));
  const metadata = await open(disk);
  expect(disk.readFile(LOG)).toEqual(bytesOf(cut));

  metadata.controller.allocateProducerIds();
  metadata.close();

  const again = await open(disk);
  expect(again.image.topicNames()).toEqual(["a"]);
  expect(again.image.nextProducerId).toBe(1000n);
  expect(disk.readFile(LOG).subarray(0, boundaries.at(-2))).toEqual(log.subarray(0, boundaries.at(-2)));
});

test("a refused log stays as it is when it is opened to be written", async () => {
  const disk = diskWithLog(flipped(boundaries[1] ?? 0, 0));
  const before = contents(disk);

  await expect(open(disk)).rejects.toThrow(MetadataError);
  expect(contents(disk)).toEqual(before);
});

test("a record of nonsense in a valid batch is refused", async () => {
  const bytes = batch(0, [feature("metadata.version", 17)]);
  const result = await read(bytesOf(bytes, Buffer.from("this is no batch at all, but long enough for one")));

  expect(String(result)).toContain(`${LOG} at byte ${bytes.length}: this is no record batch`);
});
