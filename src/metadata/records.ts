/**
 * The records of the metadata log as one typed union, and their frame on disk: the version of the frame (1), the
 * record's type and its version as unsigned varints, then the message.
 */
import { read, write } from "../protocol/codec.ts";
import { MalformedError } from "../protocol/malformed.ts";
import * as definitions from "../protocol/metadata-records/index.ts";
import { Reader } from "../protocol/reader.ts";
import { type Decoded, type Definition, type Encodable, inRange } from "../protocol/schema.ts";
import { Writer } from "../protocol/writer.ts";

type Definitions = typeof definitions;
export type RecordName = keyof Definitions;
/** The message of a record, as read. */
export type RecordMessage<N extends RecordName> = Decoded<Definitions[N]>;

/** A record as read: its name says which message it holds. */
export type MetadataRecord = {
  [N in RecordName]: { readonly name: N; readonly version: number; readonly message: RecordMessage<N> };
}[RecordName];

/** A record to be written. */
export type NewMetadataRecord = {
  [N in RecordName]: {
    readonly name: N;
    readonly version: number;
    readonly message: Encodable<Definitions[N]>;
  };
}[RecordName];

const FRAME_VERSION = 1;
const byId = new Map<number, Definition>(
  Object.values(definitions).map((definition) => [definition.id, definition]),
);
const byName = new Map<string, Definition>(Object.entries(definitions));

/** A record whose type or version Houska doesn't know: what it would change, nobody here can say. */
export class UnknownRecordError extends Error {
  override readonly name = "UnknownRecordError";
}

/**
 * Reads one record from its frame.
 *
 * @throws UnknownRecordError for a frame, type or version of a newer Kafka
 * @throws MalformedError for anything that is no record at all
 */
export function decodeRecord(frame: Uint8Array): MetadataRecord {
  const reader = new Reader(frame);
  const frameVersion = reader.unsignedVarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new UnknownRecordError(`the record's frame has version ${frameVersion}, and only 1 is known`);
  }
  const type = reader.unsignedVarint();
  const version = reader.unsignedVarint();
  const definition = byId.get(type);
  if (definition === undefined) throw new UnknownRecordError(`records of type ${type} are not known`);
  if (!inRange(definition.versions, version)) {
    const { min, max } = definition.versions;
    throw new UnknownRecordError(
      `${definition.name} has version ${version}, and only ${min} to ${max} are known`,
    );
  }
  const message = read(definition, version, reader);
  if (reader.remaining > 0) {
    throw new MalformedError(`${definition.name} v${version} is followed by ${reader.remaining} bytes`);
  }
  return { name: definition.name, version, message } as unknown as MetadataRecord;
}

/** The frame of a record; tagged fields that nobody knew when it was read are written again. */
export function encodeRecord(record: NewMetadataRecord): Uint8Array {
  const definition = byName.get(record.name);
  if (definition === undefined) throw new RangeError(`there is no record ${record.name}`);
  const writer = new Writer();
  writer.unsignedVarint(FRAME_VERSION);
  writer.unsignedVarint(definition.id);
  writer.unsignedVarint(record.version);
  write(definition, record.version, record.message, writer);
  return writer.written();
}
