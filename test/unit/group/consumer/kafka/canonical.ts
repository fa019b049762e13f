/**
 * Records and replies in one form each, whatever the order in which their sets were listed: so two of them can be
 * compared that say the same.
 */
import { groupRecordCodec } from "../../../../../src/group/codec.ts";
import { decodeAssignment } from "../../../../../src/group/consumer/classic-protocol.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A record that was written, from its bytes in hex. */
export function recordFromHex([key, value]: [string, string | null]): GroupRecord {
  const record = groupRecordCodec.decode(
    Buffer.from(key, "hex"),
    value === null ? null : Buffer.from(value, "hex"),
  );
  if (typeof record === "number") throw new Error(`a record of type ${record}`);
  return record;
}

export function canonicalRecords(records: readonly GroupRecord[]): Json[] {
  return records
    .map((record) => {
      const { key, value } = groupRecordCodec.encode(record);
      return canonical(withoutLeader(groupRecordCodec.decode(key, value)));
    })
    .sort(byText);
}

/** Who leads a classic group that has been a consumer group is nobody's choice. */
function withoutLeader(record: GroupRecord | number): GroupRecord | number {
  if (typeof record === "number" || record.type !== "GroupMetadata" || record.value === null) return record;
  return { ...record, value: { ...record.value, leader: null } };
}

/** Lists of numbers and of topics are sets; so are members. An int64 becomes text, bytes hex. */
export function canonical(value: unknown): Json {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(canonical).sort(byText);
  if (typeof value !== "object" || value === null) return value as Json;
  if ("assignment" in value && value.assignment instanceof Uint8Array) {
    return canonical({ ...value, assignment: assignmentFrom(value.assignment) });
  }
  const fields = Object.entries(withEpochs(value)).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, canonical(field)]));
}

/** An assignment as members of the classic protocol get it: its version, and then what it says. */
function assignmentFrom(bytes: Uint8Array): object | null {
  if (bytes.length === 0) return null;
  return { version: Buffer.from(bytes).readInt16BE(0), ...decodeAssignment(bytes) };
}

/** Partitions with their epochs beside them become pairs: only so can they be sorted. */
function withEpochs(value: object): object {
  const { partitions, assignmentEpochs } = value as { partitions?: number[]; assignmentEpochs?: number[] };
  if (!Array.isArray(partitions) || !Array.isArray(assignmentEpochs)) return value;
  const pairs = partitions.map((partition, index) => `${partition}@${assignmentEpochs[index]}`);
  return { ...value, partitions: pairs, assignmentEpochs: null };
}

function byText(one: Json, other: Json): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
