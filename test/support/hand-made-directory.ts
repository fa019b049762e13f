/**
 * The smallest log directory that has topics: meta.properties, a metadata log that begins at offset 1 without a
 * leader-change record, and for each partition a log file and its partition.metadata.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf, handMadeBatch, int16, int32, unsignedVarint } from "./hand-made-bytes.ts";

export interface HandMadeTopic {
  readonly name: string;
  /** 32 hex digits. */
  readonly id: string;
  /** The values of each partition: a batch for each value. */
  readonly partitions: readonly (readonly string[])[];
}

export const DIRECTORY_ID = "10000000000040008000000000000001";
export const CLUSTER_ID = "IAAAAAAAQACAAAAAAAAAAQ";
const LOG_FILE = "00000000000000000000.log";

/** Fills `directory`, and returns the batches of each partition as they lie in its log. */
export function makeDirectory(directory: string, topics: readonly HandMadeTopic[]): Map<string, Buffer[]> {
  mkdirSync(directory, { recursive: true });
  const paddedId = Buffer.from(DIRECTORY_ID, "hex").toString("base64url").concat("==");
  writeFileSync(
    join(directory, "meta.properties"),
    `#\n#Sat Jan 06 10:00:00 UTC 2024\ncluster.id=${CLUSTER_ID}\ndirectory.id=${paddedId}\nnode.id=1\nversion=1\n`,
  );
  writeFileSync(join(directory, ".kafka_cleanshutdown"), '{"version":0,"brokerEpoch":10}');
  const metadata = join(directory, "__cluster_metadata-0");
  mkdirSync(metadata);
  writeFileSync(join(metadata, LOG_FILE), metadataLog(topics));
  writeFileSync(join(metadata, "partition.metadata"), "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
  const batches = new Map<string, Buffer[]>();
  for (const topic of topics) {
    topic.partitions.forEach((values, index) => {
      const name = `${topic.name}-${index}`;
      batches.set(name, makePartition(join(directory, name), topic.id, values));
    });
  }
  return batches;
}

function makePartition(folder: string, topicId: string, values: readonly string[]): Buffer[] {
  mkdirSync(folder);
  const paddedId = Buffer.from(topicId, "hex").toString("base64");
  writeFileSync(join(folder, "partition.metadata"), `version: 0\ntopic_id: ${paddedId}`);
  const batches = values.map((value, baseOffset) =>
    handMadeBatch({
      values: [value],
      baseOffset,
      producer: { id: 0, epoch: 0, sequence: 0 },
      headerCount: -1,
    }),
  );
  writeFileSync(join(folder, LOG_FILE), Buffer.concat(batches));
  return batches;
}

function metadataLog(topics: readonly HandMadeTopic[]): Buffer {
  const feature = bytesOf("010c00", compactString("metadata.version"), int16(20), "00");
  const batches = [handMadeBatch({ values: [feature], baseOffset: 1, leaderEpoch: 1 })];
  let baseOffset = 2;
  for (const { name, id, partitions } of topics) {
    const topic = bytesOf("010200", compactString(name), id, "00");
    const values = [topic, ...partitions.map((_, index) => partitionRecord(id, index))];
    batches.push(handMadeBatch({ values, baseOffset, leaderEpoch: 1 }));
    baseOffset += values.length;
  }
  return Buffer.concat(batches);
}

function partitionRecord(topicId: string, index: number): Buffer {
  const node = bytesOf("02", int32(1));
  const none = "01";
  return bytesOf(
    "010301",
    int32(index),
    topicId,
    node,
    node,
    none,
    none,
    int32(1),
    int32(0),
    int32(0),
    "02",
    DIRECTORY_ID,
    "00",
  );
}

function compactString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return bytesOf(unsignedVarint(bytes.length + 1), bytes);
}
