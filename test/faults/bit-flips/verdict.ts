/**
 * Opens a directory in which a byte was flipped, reads what it would serve, and judges that.
 */

import { ErrorCode, errorName } from "../../../src/protocol/errors.ts";
import { FetchRequest, FetchResponse } from "../../../src/protocol/messages/fetch.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../../src/protocol/messages/list-offsets.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../../src/protocol/messages/offset-fetch.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../../src/protocol/schema.ts";
import {
  baseOffset,
  CRC_START,
  HEADER_SIZE,
  nextOffset,
  sizeInBytes,
} from "../../../src/records/batch-header.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import type { ClosedDirectory, StoredPartition } from "./directory.ts";

export interface Flip {
  readonly file: string;
  readonly position: number;
  /** What the byte is xor'ed with. */
  readonly mask: number;
}

/**
 * `intact`: everything is served as it was. `refused`: it doesn't start, and says why. `told`: something isn't served,
 * and an error or the log says so. `silent`: something is served otherwise than it was, and nothing says so; the flip
 * was where no checksum is.
 */
export type Outcome = "intact" | "refused" | "told" | "silent";

/** What must never happen. */
export class Violation extends Error {
  override readonly name = "Violation";
}

const READ_COMMITTED = 1;
const EARLIEST = -2;
const SOME_TIME = 1_700_000_100_000;
const FETCH_BYTES = 32 * 1024;
/** Batches that are read on either side of the flipped byte, and at either end of a log. */
const NEIGHBOURS = 10;

/** A broker that has opened the directory, in this process or another. */
export interface Asked {
  request<Q extends Fields, R extends Fields>(
    request: Definition<Q>,
    response: Definition<R>,
    version: number,
    body: Encodable<Definition<Q>>,
  ): Promise<Decoded<Definition<R>>>;
  /** Warnings and errors so far. */
  readonly logged: readonly string[];
  stop(): Promise<unknown>;
}

/** Why it doesn't start, for the person who starts it. */
export class Refusal extends Error {}

/**
 * Has the directory opened, and reads what is in it. Throws Violation.
 *
 * @param open throws Refusal
 */
export async function judge(
  directory: ClosedDirectory,
  flip: Flip,
  open: () => Promise<Asked>,
): Promise<Outcome> {
  let broker: Asked;
  try {
    broker = await open();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.message.includes(flip.file)) return "refused";
    throw new Violation(`the start is refused without naming the file: ${error.message}`);
  }
  const reading = new Reading(broker, directory, flip);
  await reading.all();
  await broker.stop();
  if (reading.differences.length === 0) return "intact";
  return reading.errors > 0 || broker.logged.length > 0 ? "told" : "silent";
}

class Reading {
  /** What was not as it had been. */
  readonly differences: string[] = [];
  errors = 0;

  constructor(
    private readonly broker: Asked,
    private readonly directory: ClosedDirectory,
    private readonly flip: Flip,
  ) {}

  async all(): Promise<void> {
    const { partitions } = this.directory;
    const touched = partitions.filter(({ topic, partition }) =>
      this.flip.file.includes(`/${topic}-${partition}/`),
    );
    for (const partition of touched.length > 0 ? touched : partitions) {
      await this.partition(partition);
      await this.timestamp(partition);
    }
    if (touched.every(({ topic }) => topic.startsWith("__"))) await this.committed();
  }

  private async partition(stored: StoredPartition): Promise<void> {
    const { topic, partition, batches } = stored;
    const beginning = await this.offsetOf(stored, EARLIEST);
    const bases = [...batches.keys()].filter((base) => base + countOf(stored, base) > beginning);
    const chosen = this.chosen(stored, bases);
    const served = new Set<number>();
    let at = beginning < 0 ? -1 : Math.max(beginning, chosen[0] ?? 0);
    for (let turns = 0; at >= 0; turns++) {
      if (turns > 2 * bases.length + 10) throw new Violation(`reading ${topic}-${partition} comes to no end`);
      const records = await this.fetch(stored, at);
      const next = records === null ? at : this.take(stored, records, served, at);
      // Behind what can't be read, somebody may look for what can.
      const onward = chosen.find((base) => base > at && !served.has(base)) ?? -1;
      at = next > at && chosen.includes(next) ? next : onward;
    }
    if (beginning >= 0) await this.fetch(stored, beginning, READ_COMMITTED);
    const lacking = chosen.filter((base) => !served.has(base));
    for (const base of lacking) this.differences.push(`${topic}-${partition} lacks ${base}`);
  }

  /** Of a long log, the batches around the flipped byte, and the first and last ones. */
  private chosen({ batches }: StoredPartition, bases: readonly number[]): readonly number[] {
    if (bases.length <= 2 * NEIGHBOURS) return bases;
    const { file, position } = this.flip;
    const touched = bases.findIndex((base) => {
      const batch = batches.get(base);
      return batch?.file === file && batch.position + batch.bytes.length > position;
    });
    return bases.filter((_, index) => {
      const isNear = touched >= 0 && Math.abs(index - touched) <= NEIGHBOURS;
      return isNear || index < NEIGHBOURS || index >= bases.length - NEIGHBOURS;
    });
  }

  /** Judges what was fetched; returns where to go on. */
  private take(stored: StoredPartition, records: Buffer, served: Set<number>, from: number): number {
    const name = `${stored.topic}-${stored.partition}`;
    let next = from;
    for (let at = 0; at + HEADER_SIZE <= records.length; at += sizeInBytes(records, at)) {
      if (sizeInBytes(records, at) < HEADER_SIZE) throw new Violation(`${name} serves what is no batch`);
      if (at + sizeInBytes(records, at) > records.length) break;
      const base = baseOffset(records, at);
      if (!batchCrcIsValid(records, at)) throw new Violation(`${name} serves a wrong CRC at offset ${base}`);
      const original = stored.batches.get(base);
      const body = records.subarray(at + CRC_START, at + sizeInBytes(records, at));
      if (original?.bytes.subarray(CRC_START).equals(body)) served.add(base);
      else this.moved(stored, body, base);
      next = nextOffset(records, at);
    }
    return next;
  }

  /** A batch at an offset that it didn't have: only where the byte was flipped in a field that no CRC covers. */
  private moved({ topic, partition, batches }: StoredPartition, body: Buffer, base: number): void {
    const original = [...batches.values()].find(({ bytes }) => bytes.subarray(CRC_START).equals(body));
    if (original === undefined)
      throw new Violation(`${topic}-${partition} serves an invented batch at ${base}`);
    const { file, position } = this.flip;
    const at = position - original.position;
    if (file !== original.file || at < 0 || at >= CRC_START) {
      throw new Violation(`${topic}-${partition} serves the batch of ${original.base} at ${base}`);
    }
    this.differences.push(`${topic}-${partition} has moved ${original.base} to ${base}`);
  }

  private async fetch(
    stored: StoredPartition,
    fetchOffset: number,
    isolationLevel = 0,
  ): Promise<Buffer | null> {
    const { topic, partition } = stored;
    const { responses } = await this.broker.request(FetchRequest, FetchResponse, 11, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel,
      topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: FETCH_BYTES }] }],
      forgottenTopicsData: [],
    });
    const answer = responses[0]?.partitions[0];
    this.noteError(answer?.errorCode ?? 0, `Fetch of ${topic}-${partition} at ${fetchOffset}`);
    return answer === undefined || answer.errorCode !== ErrorCode.NONE ? null : answer.records;
  }

  /** −1 when there is an error. */
  private async offsetOf({ topic, partition }: StoredPartition, timestamp: number): Promise<number> {
    const { topics } = await this.broker.request(ListOffsetsRequest, ListOffsetsResponse, 7, {
      replicaId: -1,
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
    });
    const answer = topics[0]?.partitions[0];
    this.noteError(answer?.errorCode ?? 0, `ListOffsets of ${topic}-${partition}`);
    return Number(answer?.offset ?? -1);
  }

  private async timestamp(stored: StoredPartition): Promise<void> {
    const errors = this.errors;
    const offset = await this.offsetOf(stored, SOME_TIME);
    const isKnown = this.errors === errors && this.differences.length === 0;
    if (!isKnown || stored.topic !== "segmented" || offset === 1500) return;
    this.differences.push(`ListOffsets finds ${offset} in segmented`);
  }

  private async committed(): Promise<void> {
    for (const [groupId, offsets] of this.directory.committed) {
      const names = [...offsets.keys()].map((name) => [name.slice(0, -2), Number(name.slice(-1))] as const);
      const { topics, errorCode } = await this.broker.request(OffsetFetchRequest, OffsetFetchResponse, 5, {
        groupId,
        topics: names.map(([name, partition]) => ({ name, partitionIndexes: [partition] })),
      });
      this.noteError(errorCode, `OffsetFetch of ${groupId}`);
      for (const { name, partitions } of topics) {
        for (const { partitionIndex, committedOffset, errorCode: failure } of partitions) {
          this.noteError(failure, `OffsetFetch of ${groupId}`);
          if (
            errorCode === ErrorCode.NONE &&
            Number(committedOffset) === offsets.get(`${name}-${partitionIndex}`)
          ) {
            continue;
          }
          this.differences.push(`${groupId} has ${committedOffset} of ${name}-${partitionIndex}`);
        }
      }
    }
  }

  private noteError(errorCode: number, what: string): void {
    if (errorCode === ErrorCode.NONE) return;
    this.errors++;
    this.differences.push(`${what}: ${errorName(errorCode)}`);
    if (errorCode !== ErrorCode.UNKNOWN_SERVER_ERROR) return;
    throw new Violation(`${what} is answered with UNKNOWN_SERVER_ERROR: ${this.broker.logged.join("\n")}`);
  }
}

function countOf({ batches }: StoredPartition, base: number): number {
  const bytes = batches.get(base)?.bytes;
  return bytes === undefined ? 0 : nextOffset(bytes, 0) - base;
}
