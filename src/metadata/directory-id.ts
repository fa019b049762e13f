/**
 * The ids of log directories, among which the first hundred uuids stand for something else (KIP-858).
 */
import { type Uuid, uuidToBytes, ZERO_UUID } from "../protocol/uuid.ts";

/** Which directory a replica lies in was not recorded: it was created before metadata.version 3.7-IV2. */
export const MIGRATING_DIRECTORY = ZERO_UUID;
/** The broker has not said yet which directory it has chosen. */
export const UNASSIGNED_DIRECTORY = "AAAAAAAAAAAAAAAAAAAAAQ" as Uuid;
/** The directory is offline. */
export const LOST_DIRECTORY = "AAAAAAAAAAAAAAAAAAAAAg" as Uuid;

const RESERVED = 100;

/** Whether no directory may have this id. */
export function isReservedDirectoryId(id: Uuid): boolean {
  const bytes = uuidToBytes(id);
  return bytes.subarray(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) < RESERVED;
}
