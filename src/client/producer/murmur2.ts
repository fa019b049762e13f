/**
 * The hash by which Kafka's producers choose a partition for a key: MurmurHash2 of 32 bits with a seed of its own.
 */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The hash, a signed integer of 32 bits, as `Utils.murmur2` of Kafka has it. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16);
    word |= byte(bytes, at + 3) << 24;
    word = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ Math.imul(word ^ (word >>> 24), M);
  }
  const left = length - at;
  if (left === 3) hash ^= byte(bytes, at + 2) << 16;
  if (left >= 2) hash ^= byte(bytes, at + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ byte(bytes, at), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
