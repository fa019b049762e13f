/**
 * A request as the bytes that go over the wire, and a response read from them.
 */
import { read, write } from "../protocol/codec.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { Reader } from "../protocol/reader.ts";
import { type Decoded, type Definition, type Encodable, type Fields, inRange } from "../protocol/schema.ts";
import { Writer } from "../protocol/writer.ts";

export const API_VERSIONS_KEY = 18;
const LENGTH_SIZE = 4;
const CORRELATION_ID_AT = 0;

/** A request with its header and its length before it. */
export function requestFrame<Q extends Fields>(
  request: Definition<Q>,
  version: number,
  correlationId: number,
  clientId: string,
  body: Encodable<Definition<Q>>,
): Buffer {
  const writer = new Writer();
  writer.int32(0);
  writer.int16(request.key);
  writer.int16(version);
  writer.int32(correlationId);
  // The client's id keeps its plain form in every header, so that a broker can read it before it knows the version.
  writer.string(clientId, false);
  if (inRange(request.flexible, version)) writer.unsignedVarint(0);
  write(request, version, body, writer);
  writer.setInt32(0, writer.position - LENGTH_SIZE);
  return writer.written();
}

/** The correlation id of a response's frame (without its length). */
export function correlationIdOf(frame: Buffer): number {
  return frame.readInt32BE(CORRELATION_ID_AT);
}

/**
 * Reads a response's frame (without its length).
 *
 * @throws MalformedError when it isn't that response
 */
export function readResponse<R extends Fields>(
  response: Definition<R>,
  version: number,
  frame: Buffer,
): Decoded<Definition<R>> {
  const reader = new Reader(frame);
  reader.int32();
  // ApiVersions keeps the first header in all versions (KIP-511).
  if (response.key !== API_VERSIONS_KEY && inRange(response.flexible, version)) {
    reader.taggedFields(() => false, false);
  }
  const body = read(response, version, reader);
  if (reader.remaining > 0) {
    throw new MalformedError(`${response.name} v${version} is followed by ${reader.remaining} bytes`);
  }
  return body;
}
