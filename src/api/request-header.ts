/**
 * The header of a request, read by hand: its version depends on what its first bytes say.
 */
import { MalformedError } from "../protocol/malformed.ts";
import type { Reader } from "../protocol/reader.ts";
import { type Definition, inRange } from "../protocol/schema.ts";

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

const HEADER_START_SIZE = 8;

/** Reads the part that all header versions share. Throws MalformedError when the frame is shorter. */
export function readHeaderStart(reader: Reader): RequestHeader {
  if (reader.remaining < HEADER_START_SIZE) {
    throw new MalformedError(`a frame of ${reader.remaining} bytes holds no request header`);
  }
  return { apiKey: reader.int16(), apiVersion: reader.int16(), correlationId: reader.int32() };
}

/** Reads the rest of the header, and returns the client's id. */
export function readHeaderRest(reader: Reader, request: Definition, apiVersion: number): string | null {
  const length = reader.stringLength(false);
  const clientId = length === -1 ? null : reader.string(length);
  if (inRange(request.flexible, apiVersion)) reader.taggedFields(() => false, false);
  return clientId;
}
