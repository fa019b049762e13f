/**
 * The lines that Apache Kafka's tool prints of a batch and of the records in it.
 */

import type { BatchView } from "../../log/walk-batches.ts";
import { read } from "../../protocol/codec.ts";
import {
  KRaftVersionRecord,
  LeaderChangeMessage,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from "../../protocol/data/index.ts";
import { Reader } from "../../protocol/reader.ts";
import type { Definition } from "../../protocol/schema.ts";
import * as header from "../../records/batch-header.ts";
import { ControlRecordType, controlRecordType, coordinatorEpochOf } from "../../records/control.ts";
import type { RecordCursor } from "../../records/record-cursor.ts";
import { messageJson } from "./message-json.ts";
import { type RecordKind, recordText } from "./record-text.ts";

const compressions = ["none", "gzip", "snappy", "lz4", "zstd"];

/** The batch's header, on a line. */
export function batchLine({ buffer, at, position, size }: BatchView, isValid: boolean): string {
  const attributes = header.attributes(buffer, at);
  const compression = header.compressionType(attributes);
  const horizon = header.hasDeleteHorizon(attributes)
    ? `OptionalLong[${header.baseTimestamp(buffer, at)}]`
    : "OptionalLong.empty";
  return [
    `baseOffset: ${header.baseOffset(buffer, at)} lastOffset: ${header.lastOffset(buffer, at)}`,
    `count: ${header.recordCount(buffer, at)}`,
    `baseSequence: ${header.baseSequence(buffer, at)} lastSequence: ${header.lastSequence(buffer, at)}`,
    `producerId: ${header.producerId(buffer, at)} producerEpoch: ${header.producerEpoch(buffer, at)}`,
    `partitionLeaderEpoch: ${header.partitionLeaderEpoch(buffer, at)}`,
    `isTransactional: ${header.isTransactional(attributes)} isControl: ${header.isControl(attributes)}`,
    `deleteHorizonMs: ${horizon} position: ${position}`,
    `${header.timestampType(attributes)}: ${header.maxTimestamp(buffer, at)} size: ${size}`,
    `magic: ${header.magic(buffer, at)} compresscodec: ${compressions[compression] ?? compression}`,
    `crc: ${header.crc(buffer, at)} isvalid: ${isValid}`,
  ].join(" ");
}

/** How records are printed. */
export interface RecordOptions {
  readonly kind: RecordKind;
  /** Whether keys and values are. */
  readonly contents: boolean;
  /** Whether offsets, sizes and the like are left out. */
  readonly withoutMetadata: boolean;
}

/** The record that the cursor stands at, on a line; `problem` says why its contents can't be shown. */
export function recordLine(
  { buffer, at }: BatchView,
  record: RecordCursor,
  { kind, contents, withoutMetadata }: RecordOptions,
): { line: string; problem: string | null } {
  const isControl = header.isControl(header.attributes(buffer, at));
  const parts = ["|"];
  if (!withoutMetadata) parts.push(metadataOf(buffer, at, record));
  if (isControl)
    return { line: [...parts, controlText(record.key(), record.value())].join(" "), problem: null };
  if (!contents) return { line: parts.join(" "), problem: null };
  const { key, value, problem } = recordText(kind, record.key(), record.value());
  if (key !== null) parts.push(`key: ${key}`);
  if (value !== null) parts.push(`payload: ${value}`);
  return { line: parts.join(" "), problem };
}

function metadataOf(buffer: Buffer, at: number, record: RecordCursor): string {
  const sequence = header.baseSequence(buffer, at);
  const offset = record.offset - header.baseOffset(buffer, at);
  const type = header.timestampType(header.attributes(buffer, at));
  const keys = record.headers().map(({ key }) => key);
  return [
    `offset: ${record.offset} ${type}: ${record.timestamp}`,
    `keySize: ${record.keySize} valueSize: ${record.valueSize}`,
    `sequence: ${sequence < 0 ? sequence : header.incrementSequence(sequence, offset)}`,
    `headerKeys: [${keys.join(",")}]`,
  ].join(" ");
}

const quorumRecords = new Map<number, { label: string; definition: Definition }>([
  [ControlRecordType.leaderChange, { label: "LeaderChange:", definition: LeaderChangeMessage }],
  [ControlRecordType.snapshotHeader, { label: "SnapshotHeader", definition: SnapshotHeaderRecord }],
  [ControlRecordType.snapshotFooter, { label: "SnapshotFooter", definition: SnapshotFooterRecord }],
  [ControlRecordType.kraftVersion, { label: "KRaftVersion", definition: KRaftVersionRecord }],
  [ControlRecordType.kraftVoters, { label: "KRaftVoters", definition: VotersRecord }],
]);

function controlText(key: Buffer | null, value: Buffer | null): string {
  const type = controlRecordType(key);
  if (type === ControlRecordType.commit || type === ControlRecordType.abort) {
    const name = type === ControlRecordType.commit ? "COMMIT" : "ABORT";
    return `endTxnMarker: ${name} coordinatorEpoch: ${coordinatorEpochOf(value)}`;
  }
  const known = quorumRecords.get(type);
  if (known === undefined || value === null || value.length < 2) return `controlType: ${type}`;
  try {
    const version = value.readInt16BE(0);
    return `${known.label} ${messageJson(known.definition, version, read(known.definition, version, new Reader(value)))}`;
  } catch {
    return `${known.label} 0x${value.toString("hex")}`;
  }
}
