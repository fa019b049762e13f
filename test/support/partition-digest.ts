/**
 * What a consumer finds in a partition from its beginning to its end, boiled down to what can be compared.
 */
import { FetchRequest, FetchResponse } from "../../src/protocol/messages/fetch.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../src/protocol/messages/list-offsets.ts";
import {
  attributes,
  isControl,
  isTransactional,
  nextOffset,
  producerId,
  sizeInBytes,
} from "../../src/records/batch-header.ts";
import { crc32c } from "../../src/records/crc32c.ts";
import { type Record, readRecords } from "../../src/records/record.ts";
import type { RawClient } from "./raw-client.ts";

export interface PartitionDigest {
  readonly beginning: number;
  readonly end: number;
  readonly count: number;
  /** The first and the last record's offset, −1 where there is none. */
  readonly first: number;
  readonly last: number;
  /** CRC-32C, in hex, over a line of offset, timestamp, key, value and headers for each record. */
  readonly crc32c: string;
}

const EARLIEST = -2;
const LATEST = -1;
/** Apache Kafka accepts connections a while before it leads its partitions. */
const NOT_LEADER_OR_FOLLOWER = 6;
const LEADER_DEADLINE_MS = 10_000;
const FETCH_VERSION = 11;
const LIST_OFFSETS_VERSION = 7;

/** What a consumer sees: every record, or those of transactions only once they are committed. */
export type Isolation = "read_uncommitted" | "read_committed";
const isolationLevels = { read_uncommitted: 0, read_committed: 1 } as const;

/** Reads a partition as a consumer does. */
export async function digestPartition(
  client: Pick<RawClient, "request">,
  topic: string,
  partition: number,
  isolation: Isolation = "read_uncommitted",
): Promise<PartitionDigest> {
  const lines: string[] = [];
  const offsets: number[] = [];
  const take = (record: Record) => {
    offsets.push(record.offset);
    lines.push(lineOf(record));
  };
  const { beginning, end } = await readPartition(client, topic, partition, take, isolation);
  const digest = crc32c(Buffer.from(lines.join("")));
  return {
    beginning,
    end,
    count: offsets.length,
    first: offsets[0] ?? -1,
    last: offsets.at(-1) ?? -1,
    crc32c: digest.toString(16),
  };
}

/** Shows `visit` every record of a partition. Returns where the partition begins and ends for such a consumer. */
export async function readPartition(
  client: Pick<RawClient, "request">,
  topic: string,
  partition: number,
  visit: (record: Record) => void,
  isolation: Isolation = "read_uncommitted",
): Promise<{ beginning: number; end: number }> {
  const beginning = await offsetOf(client, topic, partition, EARLIEST, isolation);
  const end = await offsetOf(client, topic, partition, LATEST, isolation);
  for (let at = beginning; at < end; ) {
    const { records, aborted } = await fetchAt(client, topic, partition, at, isolation);
    if (records.length === 0) throw new Error(`${topic}-${partition} ends at ${at}, before ${end}`);
    const inAborted = new Set<bigint>();
    for (let start = 0; start < records.length && start + sizeInBytes(records, start) <= records.length; ) {
      const producer = producerId(records, start);
      for (const transaction of aborted.splice(0)) {
        if (transaction.firstOffset > nextOffset(records, start) - 1) aborted.push(transaction);
        else inAborted.add(transaction.producerId);
      }
      const flags = attributes(records, start);
      if (isControl(flags)) inAborted.delete(producer);
      else if (!isTransactional(flags) || !inAborted.has(producer)) {
        for (const record of readRecords(records, start)) if (record.offset >= at) visit(record);
      }
      at = nextOffset(records, start);
      start += sizeInBytes(records, start);
    }
  }
  return { beginning, end };
}

const hex = (bytes: Uint8Array | null) => (bytes === null ? "null" : Buffer.from(bytes).toString("hex"));

function lineOf({ offset, timestamp, key, value, headers }: Record): string {
  const listed = headers.map((header) => `|${header.key}=${hex(header.value)}`).join("");
  return `${offset}|${timestamp}|${hex(key)}|${hex(value)}${listed}\n`;
}

async function offsetOf(
  client: Pick<RawClient, "request">,
  topic: string,
  partition: number,
  timestamp: number,
  isolation: Isolation,
): Promise<number> {
  const deadline = Date.now() + LEADER_DEADLINE_MS;
  const ask = async () => {
    const { topics } = await client.request(ListOffsetsRequest, ListOffsetsResponse, LIST_OFFSETS_VERSION, {
      replicaId: -1,
      isolationLevel: isolationLevels[isolation],
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
    });
    return topics[0]?.partitions[0];
  };
  let answer = await ask();
  while (answer?.errorCode === NOT_LEADER_OR_FOLLOWER && Date.now() < deadline) {
    await Bun.sleep(20);
    answer = await ask();
  }
  if (answer === undefined || answer.errorCode !== 0) {
    throw new Error(`ListOffsets of ${topic}-${partition} is answered with error ${answer?.errorCode}`);
  }
  return Number(answer.offset);
}

async function fetchAt(
  client: Pick<RawClient, "request">,
  topic: string,
  partition: number,
  fetchOffset: number,
  isolation: Isolation,
): Promise<{ records: Buffer; aborted: { producerId: bigint; firstOffset: bigint }[] }> {
  const { responses } = await client.request(FetchRequest, FetchResponse, FETCH_VERSION, {
    maxWaitMs: 0,
    minBytes: 1,
    isolationLevel: isolationLevels[isolation],
    topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 2 ** 20 }] }],
    forgottenTopicsData: [],
  });
  const answer = responses[0]?.partitions[0];
  if (answer === undefined || answer.errorCode !== 0) {
    throw new Error(
      `Fetch of ${topic}-${partition} at ${fetchOffset} is answered with error ${answer?.errorCode}`,
    );
  }
  return { records: answer.records ?? Buffer.alloc(0), aborted: [...(answer.abortedTransactions ?? [])] };
}
