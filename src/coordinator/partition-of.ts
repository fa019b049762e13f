/**
 * Which partition of a coordinator's topic keeps an id: Kafka's choice, so that both read each other's topics.
 */

/** Java's `String.hashCode`: over UTF-16 units, wrapping at 32 bits. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** The partition, of `partitionCount` (at least 1), that keeps a group or a transactional id. */
export function partitionOf(id: string, partitionCount: number): number {
  const hash = javaHashCode(id);
  // The least int32 has no positive counterpart; Kafka takes 0 for it.
  return (hash === -0x80000000 ? 0 : Math.abs(hash)) % partitionCount;
}
