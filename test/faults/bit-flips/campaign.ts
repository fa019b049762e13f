/**
 * Flips single bytes of a closed directory, seeded, and judges what becomes of each.
 */
import { MetadataError } from "../../../src/metadata/metadata-error.ts";
import { SeededRandom } from "../../support/random.ts";
import type { ClosedDirectory } from "./directory.ts";
import { DiskBroker } from "./disk-broker.ts";
import type { openExecutable } from "./executable.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { type Asked, type Flip, judge, type Outcome, Refusal, Violation } from "./verdict.ts";

export interface FlipReport {
  readonly outcomes: Record<Outcome, number>;
  readonly silent: Flip[];
  /** What must never happen, with the flip that it happened with. */
  readonly violations: string[];
}

/** A byte of any file: half of the time any file is as likely as another, so that small ones get their share. */
export function randomFlip(disk: MemoryDisk, random: SeededRandom): Flip {
  const files = disk.files().filter((file) => disk.content(file).length > 0);
  const total = files.reduce((sum, file) => sum + disk.content(file).length, 0);
  const mask = random.below(2) === 0 ? 1 << random.below(8) : 1 + random.below(255);
  if (random.below(2) === 0) {
    const file = random.pick(files);
    return { file, position: random.below(disk.content(file).length), mask };
  }
  let at = random.below(total);
  for (const file of files) {
    const { length } = disk.content(file);
    if (at < length) return { file, position: at, mask };
    at -= length;
  }
  throw new RangeError("there is no byte");
}

/** The directory with the byte flipped. */
export function flipped(disk: MemoryDisk, { file, position, mask }: Flip): MemoryDisk {
  const copy = new MemoryDisk(disk);
  const bytes = Buffer.from(disk.content(file));
  bytes.writeUInt8(bytes.readUInt8(position) ^ mask, position);
  copy.put(file, bytes);
  return copy;
}

/** Opens a disk with what the broker is made of, in this process. */
export async function openInProcess(disk: MemoryDisk): Promise<Asked> {
  try {
    return await DiskBroker.open(disk);
  } catch (error) {
    throw error instanceof MetadataError ? new Refusal(error.message) : error;
  }
}

export interface FlipOptions {
  readonly cases: number;
  readonly seed: number;
  /** `openInProcess`, or `openExecutable` for the compiled broker. */
  readonly open?: typeof openInProcess | typeof openExecutable;
}

/** Runs the cases. */
export async function flipBytes(
  directory: ClosedDirectory,
  { cases, seed, open = openInProcess }: FlipOptions,
): Promise<FlipReport> {
  const random = new SeededRandom(seed);
  const report: FlipReport = {
    outcomes: { intact: 0, refused: 0, told: 0, silent: 0 },
    silent: [],
    violations: [],
  };
  for (let number = 0; number < cases; number++) {
    const flip = randomFlip(directory.disk, random);
    const disk = flipped(directory.disk, flip);
    try {
      const outcome = await judge(directory, flip, () => open(disk));
      report.outcomes[outcome]++;
      if (outcome === "silent") report.silent.push(flip);
    } catch (error) {
      const what = error instanceof Violation ? error.message : error instanceof Error ? error.stack : error;
      report.violations.push(`${flip.file} at byte ${flip.position}, mask ${flip.mask}: ${what}`);
    }
  }
  return report;
}
