/**
 * Ids of members, made of random bytes.
 */
import { randomUuid, UUID_SIZE, type Uuid } from "../protocol/uuid.ts";

/** Fills a buffer with random bytes. */
export type RandomBytes = (target: Uint8Array) => void;

/** A random uuid in Kafka's form. */
export function newUuid(randomBytes: RandomBytes): Uuid {
  return randomUuid(randomBytes);
}

/** A random uuid (version 4) in the form that Java prints: 8-4-4-4-12. */
export function newHexUuid(randomBytes: RandomBytes): string {
  const bytes = new Uint8Array(UUID_SIZE);
  randomBytes(bytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
