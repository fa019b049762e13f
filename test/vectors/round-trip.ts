/**
 * Reads and writes the encodings of a vector file: each line holds a message's name and version, its value and
 * its exact bytes.
 */
import { isDeepStrictEqual } from "node:util";
import { decode, encode } from "../../src/protocol/codec.ts";
import * as coordinatorRecords from "../../src/protocol/coordinator-records/index.ts";
import * as data from "../../src/protocol/data/index.ts";
import * as messages from "../../src/protocol/messages/index.ts";
import * as metadataRecords from "../../src/protocol/metadata-records/index.ts";
import type { Definition } from "../../src/protocol/schema.ts";
import { fromJson, type Json, toJson } from "./values.ts";

interface Vector {
  readonly name: string;
  readonly version: number;
  readonly variant: string;
  readonly value: Json;
  readonly hex: string;
}

/** Every message that Houska knows, by its name in Kafka. */
export const definitions: ReadonlyMap<string, Definition> = new Map(
  Object.entries({ ...messages, ...metadataRecords, ...coordinatorRecords, ...data }),
);

const GZIP_MAGIC = 0x1f8b;

/** The vectors of a file, plain or gzipped: one a line. */
export async function readVectors(path: string): Promise<Vector[]> {
  const raw = Buffer.from(await Bun.file(path).arrayBuffer());
  const zipped = raw.length > 2 && raw.readUInt16BE(0) === GZIP_MAGIC;
  const text = zipped ? Buffer.from(Bun.gunzipSync(raw)).toString("utf8") : raw.toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Vector);
}

/** What is wrong with the round trip of a vector, or undefined when both directions hold. */
export function complaint(vector: Vector): string | undefined {
  const { name, version, variant } = vector;
  const where = `${name} v${version} (${variant})`;
  const definition = definitions.get(name);
  if (definition === undefined) return `${where}: no such message`;
  try {
    const bytes = Buffer.from(vector.hex, "hex");
    const read = toJson(definition.fields(), version, decode(definition, version, bytes));
    if (!isDeepStrictEqual(read, vector.value)) {
      return `${where}: reads ${JSON.stringify(read)} where ${JSON.stringify(vector.value)} stands`;
    }
    const written = encode(
      definition,
      version,
      fromJson(definition.fields(), version, vector.value),
    ).toString("hex");
    if (written !== vector.hex) return `${where}: writes ${written} where ${vector.hex} stands`;
    return undefined;
  } catch (error) {
    return `${where}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
