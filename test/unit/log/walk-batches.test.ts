import { beforeEach, describe, expect, test } from "bun:test";
import { LazyFile, OpenFiles } from "../../../src/log/open-files.ts";
import { readBatches, walkHeaders } from "../../../src/log/walk-batches.ts";
import * as header from "../../../src/records/batch-header.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { batchOf } from "./support.ts";

let disk: SimulatedDisk;
let file: LazyFile;
let total: number;
/** Small and large ones: below, at and above what is read at once. */
const sizes = [10, 9000, 10, 10, 8192 - 90, 100_000, 10, 3_000_000, 10, 400];
beforeEach(() => {
  disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  const batches = sizes.map((valueSize, offset) =>
    batchOf(1, { baseOffset: offset, valueSize, partitionLeaderEpoch: 0 }),
  );
  const bytes = Buffer.concat(batches);
  total = bytes.length;
  disk.writeFile("/d/f", bytes);
  file = new LazyFile(new OpenFiles(disk, 5), "/d/f");
});

const offsets = sizes.map((_, offset) => offset);

describe("walking over headers", () => {
  test("passes every batch, whatever its size, and ends behind the last", () => {
    const seen: number[] = [];
    expect(walkHeaders(file, 0, total, (buffer, at) => void seen.push(header.baseOffset(buffer, at)))).toBe(
      total,
    );
    expect(seen).toEqual(offsets);
  });

  test("stops where it is told to, or where a batch doesn't end in time", () => {
    const positions: number[] = [];
    walkHeaders(file, 0, total, (_buffer, _at, position) => void positions.push(position));
    expect(walkHeaders(file, 0, total, (_buffer, _at, position) => position === positions[4])).toBe(
      positions[4] ?? -1,
    );
    expect(walkHeaders(file, 0, (positions[6] ?? 0) - 1, () => false)).toBe(positions[5] ?? -1);
    expect(walkHeaders(file, positions[3] ?? 0, (positions[3] ?? 0) + 60, () => false)).toBe(
      positions[3] ?? -1,
    );
  });

  test("stops at bytes that are no batch", () => {
    disk.writeFile("/d/f", Buffer.concat([batchOf(1), Buffer.alloc(500, 0xff)]));
    expect(walkHeaders(file, 0, 1000, () => false)).toBe(batchOf(1).length);
  });

  test("may be done within a walk", () => {
    const seen: string[] = [];
    walkHeaders(file, 0, total, (buffer, at) => {
      const outer = header.baseOffset(buffer, at);
      walkHeaders(
        file,
        0,
        total,
        (inner, innerAt) => void seen.push(`${outer} ${header.baseOffset(inner, innerAt)}`),
      );
      expect(header.baseOffset(buffer, at)).toBe(outer);
      return outer === 2;
    });
    expect(seen.length).toBe(3 * sizes.length);
  });
});

describe("reading batches", () => {
  test("gives each of them whole", () => {
    const seen = [...readBatches(file, 0, total)].length;
    expect(seen).toBe(sizes.length);
    for (const { buffer, at, size, position } of readBatches(file, 0, total)) {
      expect(batchCrcIsValid(buffer, at)).toBe(true);
      expect(position + size).toBeLessThanOrEqual(total);
    }
  });

  test("leaves out a last one that is cut short", () => {
    const cut = [...readBatches(file, 0, total - 1)].map(({ buffer, at }) => header.baseOffset(buffer, at));
    expect(cut.length).toBe(sizes.length - 1);
  });

  test("does not make room for what a damaged header claims beyond the file's end", () => {
    const claims = batchOf(1);
    claims.writeInt32BE(2_000_000_000, 8);
    disk.writeFile("/d/f", claims);
    expect([...readBatches(file, 0, claims.length)]).toEqual([]);
  });
});
