/**
 * What the controllers of a metadata quorum note for each other in control batches (KIP-595, KIP-630, KIP-853).
 */
import { decode, encode } from "../../protocol/codec.ts";
import {
  KRaftVersionRecord,
  LeaderChangeMessage,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from "../../protocol/data/index.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../protocol/schema.ts";
import { inRange } from "../../protocol/schema.ts";
import type { NewRecord } from "../../records/builder.ts";
import { ControlRecordType, controlRecordKey, controlRecordType } from "../../records/control.ts";
import { readRecords } from "../../records/record.ts";
import { UnknownRecordError } from "../records.ts";
import type { ScannedBatch } from "./scan-batches.ts";

/** The voters of the quorum, with the directories and addresses that they have. */
export type Voters = Decoded<typeof VotersRecord>["voters"];

export type ControlRecord =
  | { readonly type: "leaderChange"; readonly voterIds: readonly number[] }
  | { readonly type: "snapshotHeader"; readonly lastContainedLogTimestamp: number }
  | { readonly type: "snapshotFooter" }
  | { readonly type: "kraftVersion"; readonly kraftVersion: number }
  | { readonly type: "kraftVoters"; readonly voters: Voters };

/**
 * The records of a control batch.
 *
 * @throws UnknownRecordError for a type or version of a newer Kafka
 */
export function* readControlRecords(batch: ScannedBatch): Generator<ControlRecord> {
  for (const { key, value } of readRecords(batch.buffer, batch.at)) {
    const bytes = value ?? Buffer.alloc(0);
    const type = controlRecordType(key);
    switch (type) {
      case ControlRecordType.leaderChange: {
        const { voters } = versioned(LeaderChangeMessage, bytes);
        yield { type: "leaderChange", voterIds: voters.map(({ voterId }) => voterId) };
        break;
      }
      case ControlRecordType.snapshotHeader: {
        const { lastContainedLogTimestamp } = versioned(SnapshotHeaderRecord, bytes);
        yield { type: "snapshotHeader", lastContainedLogTimestamp: Number(lastContainedLogTimestamp) };
        break;
      }
      case ControlRecordType.snapshotFooter:
        versioned(SnapshotFooterRecord, bytes);
        yield { type: "snapshotFooter" };
        break;
      case ControlRecordType.kraftVersion:
        yield {
          type: "kraftVersion",
          kraftVersion: versioned(KRaftVersionRecord, bytes).kraftVersion,
        };
        break;
      case ControlRecordType.kraftVoters:
        yield { type: "kraftVoters", voters: versioned(VotersRecord, bytes).voters };
        break;
      default:
        throw new UnknownRecordError(`control records of type ${type} are not known in a metadata log`);
    }
  }
}

/** A message that begins with its own version. */
function versioned<F extends Fields>(definition: Definition<F>, bytes: Buffer): Decoded<Definition<F>> {
  const version = bytes.length >= 2 ? bytes.readInt16BE(0) : -1;
  if (!inRange(definition.versions, version)) {
    throw new UnknownRecordError(`${definition.name} has version ${version}, which is not known`);
  }
  return decode(definition, version, bytes);
}

function controlRecord<F extends Fields>(
  type: ControlRecordType,
  timestamp: number,
  definition: Definition<F>,
  message: Encodable<Definition<F>>,
): NewRecord {
  return { timestamp, key: controlRecordKey(type), value: encode(definition, 0, message) };
}

/** With what the only voter begins to lead an epoch. */
export function leaderChange(nodeId: number, timestamp: number): NewRecord {
  const voters = [{ voterId: nodeId }];
  const message = { version: 0, leaderId: nodeId, voters, grantingVoters: voters };
  return controlRecord(ControlRecordType.leaderChange, timestamp, LeaderChangeMessage, message);
}

/** kraft.version and the voters, which stand together from level 1 on. */
export function quorumRecords(kraftVersion: number, voters: Voters, timestamp: number): NewRecord[] {
  const level = { version: 0, kraftVersion };
  return [
    controlRecord(ControlRecordType.kraftVersion, timestamp, KRaftVersionRecord, level),
    controlRecord(ControlRecordType.kraftVoters, timestamp, VotersRecord, { version: 0, voters }),
  ];
}

/** What a snapshot begins with. `lastContainedLogTimestamp` in milliseconds since 1970. */
export function snapshotHeader(lastContainedLogTimestamp: number, timestamp: number): NewRecord {
  const message = { version: 0, lastContainedLogTimestamp };
  return controlRecord(ControlRecordType.snapshotHeader, timestamp, SnapshotHeaderRecord, message);
}

/** What a snapshot ends with: without it, it isn't whole. */
export function snapshotFooter(timestamp: number): NewRecord {
  return controlRecord(ControlRecordType.snapshotFooter, timestamp, SnapshotFooterRecord, { version: 0 });
}
