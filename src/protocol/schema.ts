/**
 * The language in which messages are declared: once, for all versions. From a declaration follow the static
 * types (`Decoded`, `Encodable`) and a codec for each version (codec.ts).
 */
import type { RecordsSource } from "./records-source.ts";
import { type Uuid, ZERO_UUID } from "./uuid.ts";

/** A closed range of versions. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export type FieldType =
  | "int8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float64"
  | "boolean"
  | "string"
  | "uuid"
  | "bytes"
  | "records"
  | "array"
  | "struct";

/** One field of a message, as the codec compiler sees it. */
export interface Field {
  readonly type: FieldType;
  readonly versions: VersionRange;
  readonly nullable: VersionRange;
  /** The tag of a tagged field (KIP-482); undefined for a field with a place of its own. */
  readonly tag: number | undefined;
  /** True for a string that keeps its int16 length in flexible versions (the client id in a request's header). */
  readonly plain: boolean;
  /** What a reader finds when the version doesn't have the field, and a writer writes when it isn't given. */
  readonly default: unknown;
  readonly element?: Field;
  readonly fields?: Fields;
}

export type Fields = Readonly<Record<string, AnyField>>;

/** A field with the types that it has when read and when written, and whether a writer may leave it out. */
export interface TypedField<Read, Write, Optional extends boolean> extends Field {
  readonly types?: { readonly read: Read; readonly write: Write; readonly optional: Optional };
}
export type AnyField = TypedField<unknown, unknown, boolean>;

/** What the wire held of a tagged field that this declaration doesn't know. */
export interface UnknownTaggedField {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

type TypesOf<F> = F extends { readonly types?: infer T } ? NonNullable<T> : never;
type ReadOf<F> = TypesOf<F> extends { read: infer R } ? R : never;
type WriteOf<F> = TypesOf<F> extends { write: infer W } ? W : never;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: TypesOf<F[K]> extends { optional: true } ? K : never;
}[keyof F];

/** The value that a codec reads for these fields. */
export type StructRead<F extends Fields> = { [K in keyof F]: ReadOf<F[K]> } & {
  unknownTaggedFields?: readonly UnknownTaggedField[];
};
/** The value that a codec takes for these fields. */
export type StructWrite<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: WriteOf<F[K]>;
} & {
  readonly [K in OptionalKeys<F>]?: WriteOf<F[K]>;
} & { readonly unknownTaggedFields?: readonly UnknownTaggedField[] };

interface Options {
  /** The versions that have the field: "3+" or "3-12"; all when left out. */
  readonly versions?: string;
  /** The versions in which it may be null. */
  readonly nullable?: string;
  readonly tag?: number;
  readonly default?: unknown;
  readonly plain?: boolean;
}
type IsOptional<O extends Options> = O extends
  | { versions: string }
  | { nullable: string }
  | { tag: number }
  | { default: unknown }
  ? true
  : false;
type OrNull<O extends Options, T> = O extends { nullable: string } ? T | null : T;

const ALL: VersionRange = { min: 0, max: 32767 };
const NONE: VersionRange = { min: 0, max: -1 };

/** Two thousand fields are declared with some sixty ranges: each is read once. */
const ranges = new Map<string, VersionRange>([["none", NONE]]);

/** Reads "3+", "3-12", "3" or "none". */
export function versionRange(text: string): VersionRange {
  const known = ranges.get(text) ?? parsedRange(text);
  ranges.set(text, known);
  return known;
}

function parsedRange(text: string): VersionRange {
  const [min, max] = text.replace("+", "-32767").split("-").map(Number);
  if (min === undefined || Number.isNaN(min)) throw new Error(`'${text}' is no range of versions`);
  return { min, max: max ?? min };
}

/** Whether `version` lies in `range`. */
export function inRange(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}

function field(type: FieldType, zero: unknown, options: Options, inner?: Partial<Field>): Field {
  return {
    type,
    versions: options.versions === undefined ? ALL : versionRange(options.versions),
    nullable: options.nullable === undefined ? NONE : versionRange(options.nullable),
    tag: options.tag,
    plain: options.plain ?? false,
    default: options.default === undefined ? zero : options.default,
    ...inner,
  };
}

function scalar<Read, Write = Read>(type: FieldType, zero: unknown) {
  return <const O extends Options = Record<never, never>>(
    options?: O,
  ): TypedField<OrNull<O, Read>, OrNull<O, Write>, IsOptional<O>> => field(type, zero, options ?? {});
}

export const int8 = scalar<number>("int8", 0);
export const int16 = scalar<number>("int16", 0);
export const uint16 = scalar<number>("uint16", 0);
export const int32 = scalar<number>("int32", 0);
export const uint32 = scalar<number>("uint32", 0);
/** Read as bigint, so that nothing is rounded; written from a bigint or a safe integer. */
export const int64 = scalar<bigint, number | bigint>("int64", 0n);
export const float64 = scalar<number>("float64", 0);
export const boolean = scalar<boolean>("boolean", false);
export const string = scalar<string>("string", "");
export const uuid = scalar<Uuid>("uuid", ZERO_UUID);
/** Read as a view of the bytes decoded, not a copy. */
export const bytes = scalar<Buffer, Uint8Array>("bytes", new Uint8Array(0));
/** Record batches: read as a view; written from bytes or from where they lie in a file. */
export const records = scalar<Buffer, Uint8Array | RecordsSource>("records", new Uint8Array(0));

/** An array of one kind of element: a field such as `int32()`, or the fields of a struct. */
export function array<E extends AnyField, const O extends Options = Record<never, never>>(
  element: E,
  options?: O,
): TypedField<OrNull<O, ReadOf<E>[]>, OrNull<O, readonly WriteOf<E>[]>, IsOptional<O>>;
export function array<F extends Fields, const O extends Options = Record<never, never>>(
  fields: F,
  options?: O,
): TypedField<OrNull<O, StructRead<F>[]>, OrNull<O, readonly StructWrite<F>[]>, IsOptional<O>>;
export function array(elementOrFields: AnyField | Fields, options: Options = {}): Field {
  const element = isField(elementOrFields)
    ? elementOrFields
    : field("struct", null, {}, { fields: elementOrFields });
  return field("array", [], options, { element });
}

/** A struct in a place of its own. */
export function struct<F extends Fields, const O extends Options = Record<never, never>>(
  fields: F,
  options?: O,
): TypedField<OrNull<O, StructRead<F>>, OrNull<O, StructWrite<F>>, IsOptional<O>> {
  return field("struct", undefined, options ?? {}, { fields });
}

function isField(value: AnyField | Fields): value is AnyField {
  return typeof (value as { type?: unknown }).type === "string";
}

export type DefinitionKind = "request" | "response" | "header" | "record" | "data";

/** A message: its name in Kafka, its versions, and its fields. */
export interface Definition<F extends Fields = Fields> {
  readonly kind: DefinitionKind;
  readonly name: string;
  /** The API's key, of a request or a response. */
  readonly key: number;
  /** The record's type: of metadata and coordinator records. */
  readonly id: number;
  readonly versions: VersionRange;
  readonly flexible: VersionRange;
  /** Made when they are first asked for: a broker that starts needs few of two thousand. */
  readonly fields: () => F;
}

/** What reading a message of this definition gives. */
export type Decoded<D> = D extends Definition<infer F> ? StructRead<F> : never;
/** What a message of this definition is written from. */
export type Encodable<D> = D extends Definition<infer F> ? StructWrite<F> : never;

interface Header {
  readonly versions: string;
  readonly flexible: string;
  readonly key?: number;
  readonly id?: number;
}

function definition(kind: DefinitionKind) {
  return <F extends Fields>(name: string, header: Header, fields: () => F): Definition<F> => {
    let made: F | undefined;
    return {
      kind,
      name,
      key: header.key ?? -1,
      id: header.id ?? -1,
      versions: versionRange(header.versions),
      flexible: versionRange(header.flexible),
      fields() {
        made ??= fields();
        return made;
      },
    };
  };
}

interface ApiHeader extends Header {
  readonly key: number;
}
interface RecordHeader extends Header {
  readonly id: number;
}

/** What a client asks. */
export const request: <F extends Fields>(name: string, header: ApiHeader, fields: () => F) => Definition<F> =
  definition("request");
/** What a broker answers. */
export const response: <F extends Fields>(name: string, header: ApiHeader, fields: () => F) => Definition<F> =
  definition("response");
/** What stands in a metadata log or in a coordinator's log; its tagged fields that nobody knows survive. */
export const record: <F extends Fields>(
  name: string,
  header: RecordHeader,
  fields: () => F,
) => Definition<F> = definition("record");
/** What stands before a request or a response. */
export const header: <F extends Fields>(name: string, header: Header, fields: () => F) => Definition<F> =
  definition("header");
/** Any other message: embedded in bytes, control records, snapshots. */
export const data: <F extends Fields>(name: string, header: Header, fields: () => F) => Definition<F> =
  definition("data");
