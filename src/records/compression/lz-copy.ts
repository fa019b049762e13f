/** The two copies that LZ4 and Snappy are made of. The callers have checked all bounds. */

/** Below this, a loop is faster than a call into the engine. */
const LOOP_UP_TO = 24;

/** Copies `length` literal bytes from one buffer into another. */
export function copyLiterals(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  if (length > LOOP_UP_TO) {
    target.set(source.subarray(from, from + length), to);
    return;
  }
  for (let index = 0; index < length; index++) target[to + index] = source[from + index] ?? 0;
}

/** Repeats `length` bytes from `offset` back; where that overlaps itself, the pattern is repeated. */
export function copyMatch(target: Uint8Array, to: number, offset: number, length: number): void {
  if (length <= LOOP_UP_TO) {
    for (let index = to; index < to + length; index++) target[index] = target[index - offset] ?? 0;
    return;
  }
  const end = to + length;
  let available = offset;
  for (let position = to; position < end; ) {
    const step = Math.min(available, end - position);
    target.copyWithin(position, position - available, position - available + step);
    position += step;
    available += step;
  }
}
