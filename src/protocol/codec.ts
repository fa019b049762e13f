/**
 * Reads and writes messages. A codec for one version of one message is made from the declaration at first use:
 * straight-line source text, compiled once, as fast as if it had been written out by hand.
 */
import { readerSource, writerSource } from "./codec-source.ts";
import { MalformedError } from "./malformed.ts";
import { Reader } from "./reader.ts";
import { type Decoded, type Definition, type Encodable, type Fields, inRange } from "./schema.ts";
import { Writer } from "./writer.ts";

interface Codec {
  readonly read: (reader: Reader) => unknown;
  readonly write: (writer: Writer, value: unknown) => void;
}

const codecs = new WeakMap<Definition, (Codec | undefined)[]>();

function codecFor(definition: Definition, version: number): Codec {
  const perVersion = codecs.get(definition) ?? [];
  codecs.set(definition, perVersion);
  let codec = perVersion[version];
  if (codec === undefined) {
    if (!inRange(definition.versions, version)) {
      throw new RangeError(`${definition.name} has no version ${version}`);
    }
    const reader = readerSource(definition, version);
    const writer = writerSource(definition, version);
    codec = {
      read: new Function("constants", reader.source)(reader.constants),
      write: new Function("constants", writer.source)(writer.constants),
    };
    perVersion[version] = codec;
  }
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
    return codecFor(definition, version).read(reader) as Decoded<Definition<F>>;
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
  codecFor(definition, version).write(writer, value);
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
