/**
 * Reads and writes messages. A codec for one version of one message is made from the declaration at first use:
 * straight-line source text, compiled once, as fast as if it had been written out by hand.
 */
import { readerSource, type Source, writerSource } from "./codec-source.ts";
import { MalformedError } from "./malformed.ts";
import { Reader } from "./reader.ts";
import { type Decoded, type Definition, type Encodable, type Fields, inRange } from "./schema.ts";
import { Writer } from "./writer.ts";

type Read = (reader: Reader) => unknown;
type Write = (writer: Writer, value: unknown) => void;

/** By definition, then by version. Most messages are only ever read here, or only ever written. */
const readers = new WeakMap<Definition, (Read | undefined)[]>();
const writers = new WeakMap<Definition, (Write | undefined)[]>();

function readerOf(definition: Definition, version: number): Read {
  return kept(readers, definition, version) ?? keep(readers, definition, version, readerSource);
}

function writerOf(definition: Definition, version: number): Write {
  return kept(writers, definition, version) ?? keep(writers, definition, version, writerSource);
}

type Codecs<Codec> = WeakMap<Definition, (Codec | undefined)[]>;

function kept<Codec>(codecs: Codecs<Codec>, definition: Definition, version: number): Codec | undefined {
  return codecs.get(definition)?.[version];
}

function keep<Codec>(
  codecs: Codecs<Codec>,
  definition: Definition,
  version: number,
  sourceOf: (definition: Definition, version: number) => Source,
): Codec {
  if (!inRange(definition.versions, version)) {
    throw new RangeError(`${definition.name} has no version ${version}`);
  }
  const { source, constants } = sourceOf(definition, version);
  const codec: Codec = new Function("constants", source)(constants);
  const perVersion = codecs.get(definition) ?? [];
  perVersion[version] = codec;
  codecs.set(definition, perVersion);
  return codec;
}

/**
 * Reads a message that takes exactly the bytes from `start` up to `end`. Bytes fields are views of `bytes`.
 *
 * @throws MalformedError when the bytes are not that message, or more follow
 */
export function decode<F extends Fields>(
  definition: Definition<F>,
  version: number,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): Decoded<Definition<F>> {
  const reader = new Reader(bytes, start, end);
  const value = read(definition, version, reader);
  if (reader.remaining > 0) {
    throw new MalformedError(`${definition.name} v${version} is followed by ${reader.remaining} bytes`);
  }
  return value;
}

/** Reads a message from where `reader` stands; what follows is the caller's. */
export function read<F extends Fields>(
  definition: Definition<F>,
  version: number,
  reader: Reader,
): Decoded<Definition<F>> {
  try {
    return readerOf(definition, version)(reader) as Decoded<Definition<F>>;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(`${definition.name} v${version} at byte ${reader.position}: ${error.message}`);
  }
}

/** Writes a message behind what `writer` holds. */
export function write<F extends Fields>(
  definition: Definition<F>,
  version: number,
  value: Encodable<Definition<F>>,
  writer: Writer,
): void {
  writerOf(definition, version)(writer, value);
}

/** The bytes of a message. */
export function encode<F extends Fields>(
  definition: Definition<F>,
  version: number,
  value: Encodable<Definition<F>>,
): Buffer {
  const writer = new Writer();
  write(definition, version, value, writer);
  return writer.written();
}
