/**
 * How often something is named: what nobody names any more is forgotten.
 */
export type Counts<K> = Map<K, number>;

export function increment<K>(counts: Counts<K>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function decrement<K>(counts: Counts<K>, key: K): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}
