/**
 * Kafka's deserializers, by the names of their classes: from bytes to what a person reads.
 */
import { ToolFailure } from "../../tool/failure.ts";
import { javaDouble, javaFloat } from "./java-number.ts";

/** What to print of bytes: text, or bytes as they are. Throws ToolFailure for bytes that it can't be. */
export type Deserializer = (bytes: Buffer) => string | Uint8Array;

const PACKAGE = "org.apache.kafka.common.serialization.";

/** A number of a fixed size. */
function fixed(name: string, size: number, read: (bytes: Buffer) => string): Deserializer {
  return (bytes) => {
    if (bytes.length !== size) {
      throw new ToolFailure(`Size of data received by ${name} is not ${size}`);
    }
    return read(bytes);
  };
}

const asIs: Deserializer = (bytes) => bytes;

/** What Java calls the encodings that its programs are told to use, and the names here. */
function stringDeserializer(encoding: string): Deserializer {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding as ConstructorParameters<typeof TextDecoder>[0], { ignoreBOM: true });
  } catch {
    throw new ToolFailure(`StringDeserializer knows no encoding ${encoding}`);
  }
  return (bytes) => decoder.decode(bytes);
}

const simple: Readonly<Record<string, Deserializer>> = {
  ByteArrayDeserializer: asIs,
  ByteBufferDeserializer: asIs,
  BytesDeserializer: asIs,
  BooleanDeserializer: fixed("BooleanDeserializer", 1, (bytes) => String(bytes[0] === 1)),
  ShortDeserializer: fixed("ShortDeserializer", 2, (bytes) => String(bytes.readInt16BE())),
  IntegerDeserializer: fixed("IntegerDeserializer", 4, (bytes) => String(bytes.readInt32BE())),
  LongDeserializer: fixed("LongDeserializer", 8, (bytes) => String(bytes.readBigInt64BE())),
  FloatDeserializer: fixed("FloatDeserializer", 4, (bytes) => javaFloat(bytes.readFloatBE())),
  DoubleDeserializer: fixed("DoubleDeserializer", 8, (bytes) => javaDouble(bytes.readDoubleBE())),
  UUIDDeserializer: (bytes) => bytes.toString(),
};

/**
 * The deserializer of a class.
 *
 * @param properties of the deserializer itself, such as `deserializer.encoding`
 * @throws ToolFailure for a class that isn't one of Kafka's own
 */
export function deserializerOf(className: string, properties: ReadonlyMap<string, string>): Deserializer {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : className;
  if (name === "StringDeserializer") {
    return stringDeserializer(properties.get("deserializer.encoding") ?? "UTF-8");
  }
  const found = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (found !== undefined) return found;
  const known = ["StringDeserializer", ...Object.keys(simple)].join(", ");
  throw new ToolFailure(`${className}: classes of Java can't be loaded here; known are ${known}`);
}
