/**
 * What a consumer finds in a partition from its beginning to its end, boiled down to what can be compared.
 */
import { FetchRequest, FetchResponse } from "../../src/protocol/messages/fetch.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../src/protocol/messages/list-offsets.ts";
import { attributes, isControl, nextOffset, sizeInBytes } from "../../src/records/batch-header.ts";
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

/** Reads a partition as a consumer that sees uncommitted records does. */
export async function digestPartition(
  client: RawClient,
  topic: string,
  partition: number,
): Promise<PartitionDigest> {
  const lines: string[] = [];
  const offsets: number[] = [];
  const { beginning, end } = await readPartition(client, topic, partition, (record) => {
    offsets.push(record.offset);
    lines.push(lineOf(record));
  });
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

/** Shows `visit` every record of a partition. Returns where the partition begins and ends. */
export async function readPartition(
  client: RawClient,
  topic: string,
  partition: number,
  visit: (record: Record) => void,
): Promise<{ beginning: number; end: number }> {
  const beginning = await offsetOf(client, topic, partition, EARLIEST);
  const end = await offsetOf(client, topic, partition, LATEST);
  for (let at = beginning; at < end; ) {
    const records = await fetchAt(client, topic, partition, at);
    if (records.length === 0) throw new Error(`${topic}-${partition} ends at ${at}, before ${end}`);
    for (let start = 0; start < records.length && start + sizeInBytes(records, start) <= records.length; ) {
      if (!isControl(attributes(records, start))) {
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
  client: RawClient,
  topic: string,
  partition: number,
  timestamp: number,
): Promise<number> {
  const deadline = Date.now() + LEADER_DEADLINE_MS;
  const ask = async () => {
    const { topics } = await client.request(ListOffsetsRequest, ListOffsetsResponse, LIST_OFFSETS_VERSION, {
      replicaId: -1,
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
  client: RawClient,
  topic: string,
  partition: number,
  fetchOffset: number,
): Promise<Buffer> {
  const { responses } = await client.request(FetchRequest, FetchResponse, FETCH_VERSION, {
    maxWaitMs: 0,
    minBytes: 1,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 2 ** 20 }] }],
    forgottenTopicsData: [],
  });
  const answer = responses[0]?.partitions[0];
  if (answer === undefined || answer.errorCode !== 0) {
    throw new Error(
      `Fetch of ${topic}-${partition} at ${fetchOffset} is answered with error ${answer?.errorCode}`,
    );
  }
  return answer.records ?? Buffer.alloc(0);
}
