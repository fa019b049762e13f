/**
 * Kafka's uuids: 16 bytes on the wire, 22 characters of unpadded base64url everywhere else.
 */
declare const brand: unique symbol;

/** A uuid in Kafka's text form. */
export type Uuid = string & { readonly [brand]: "Uuid" };

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TEXT_LENGTH = 22;
/** What each character stands for, by its code: many answers carry a uuid, and a search takes ten times as long. */
const sixBits = new Uint8Array(256);
for (let value = 0; value < alphabet.length; value++) sixBits[alphabet.charCodeAt(value)] = value;

export const UUID_SIZE = 16;

/** "No uuid": what the wire holds where an id is absent. */
export const ZERO_UUID = "AAAAAAAAAAAAAAAAAAAAAA" as Uuid;
/** The topic id of `__cluster_metadata`. */
export const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ" as Uuid;

/** The uuid whose 16 bytes begin at `start`. */
export function uuidFromBytes(bytes: Uint8Array, start = 0): Uuid {
  let text = "";
  for (let at = start; at < start + UUID_SIZE; at += 3) {
    const byte = (index: number) => (index < start + UUID_SIZE ? (bytes[index] ?? 0) : 0);
    const group = (byte(at) << 16) | (byte(at + 1) << 8) | byte(at + 2);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    if (at + 1 < start + UUID_SIZE) text += alphabet.charAt((group >> 6) & 63) + alphabet.charAt(group & 63);
  }
  return text as Uuid;
}

/** Writes the 16 bytes of `uuid` into `target` from `start` on. */
export function writeUuid(uuid: Uuid, target: Uint8Array, start: number): void {
  if (uuid === ZERO_UUID) {
    target.fill(0, start, start + UUID_SIZE);
    return;
  }
  let bits = 0;
  let held = 0;
  let at = start;
  for (let index = 0; index < TEXT_LENGTH; index++) {
    bits = ((bits << 6) | (sixBits[uuid.charCodeAt(index)] ?? 0)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      target[at++] = (bits >> held) & 0xff;
    }
  }
}

/** The 16 bytes of `uuid`. */
export function uuidToBytes(uuid: Uuid): Uint8Array {
  const bytes = new Uint8Array(UUID_SIZE);
  writeUuid(uuid, bytes, 0);
  return bytes;
}

/**
 * Reads a uuid from text: base64url or standard base64, with or without padding, as log directories hold it.
 * Returns undefined for anything else.
 */
export function parseUuid(text: string): Uuid | undefined {
  const plain = text.trim().replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  if (plain.length !== TEXT_LENGTH || !/^[A-Za-z0-9_-]+$/.test(plain)) return undefined;
  const uuid = plain as Uuid;
  return uuidFromBytes(uuidToBytes(uuid));
}

/**
 * A random (version 4) uuid that Kafka would also hand out: none of the reserved ones, and none whose text
 * begins with a dash, which command lines take for an option.
 *
 * @param randomBytes fills a buffer with random bytes
 */
export function randomUuid(randomBytes: (target: Uint8Array) => void): Uuid {
  for (;;) {
    const bytes = new Uint8Array(UUID_SIZE);
    randomBytes(bytes);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const uuid = uuidFromBytes(bytes);
    if (!uuid.startsWith("-")) return uuid;
  }
}
