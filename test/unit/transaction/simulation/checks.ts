/**
 * What has to be true when all has settled.
 */
import { consume } from "../../log/support.ts";
import type { SimulatedBroker } from "./broker.ts";
import type { Attempt } from "./producer.ts";
import { askOffsets } from "./requests.ts";

const PARTITIONS = [0, 1, 2];
const offsetPartitionOf: Readonly<Record<string, number>> = { a: 0, b: 1 };

/** Throws where a transaction is visible in part, or not as its producer was told. */
export async function checkAttempts(broker: SimulatedBroker, attempts: readonly Attempt[]): Promise<void> {
  const visible = visibleValues(broker);
  const shown = new Set<Attempt>();
  for (const attempt of attempts) if (isShown(attempt, visible)) shown.add(attempt);
  const known = new Set([...shown].flatMap(({ written }) => written));
  for (const value of visible.keys()) {
    if (!known.has(value)) throw new Error(`${value} is visible, and was never committed`);
  }
  const offsets = await askOffsets(broker, [0, 1]);
  for (const id of ["a", "b"]) checkOffset(id, [...shown], offsets[offsetPartitionOf[id] ?? 0] ?? -1);
}

/** What readers of committed records are given, and how often. */
function visibleValues(broker: SimulatedBroker): Map<string, number> {
  const visible = new Map<string, number>();
  for (const partition of PARTITIONS) {
    const log = broker.log("t", partition);
    if (log.lastStableOffset !== log.logEndOffset) throw new Error(`a transaction hangs in t-${partition}`);
    for (const { value } of consume(log, "last_stable")) {
      const text = String(value);
      visible.set(text, (visible.get(text) ?? 0) + 1);
    }
  }
  return visible;
}

function isShown(
  { transactionalId, number, written, outcome }: Attempt,
  visible: Map<string, number>,
): boolean {
  const name = `transaction ${number} of ${transactionalId}, which is ${outcome},`;
  const counts = written.map((value) => visible.get(value) ?? 0);
  if (counts.some((count) => count > 1)) throw new Error(`${name} is there twice`);
  const all = counts.every((count) => count === 1);
  if (!all && counts.some((count) => count === 1)) throw new Error(`${name} is visible in part: ${counts}`);
  const isVisible = all && written.length > 0;
  if (outcome === "committed" && !isVisible) throw new Error(`${name} is not visible`);
  if ((outcome === "aborted" || outcome === "open") && isVisible) throw new Error(`${name} is visible`);
  return isVisible;
}

/** The offset is that of the last visible transaction that committed one. */
function checkOffset(id: string, shown: readonly Attempt[], offset: number): void {
  const committing = shown.filter(({ transactionalId, hasOffset }) => transactionalId === id && hasOffset);
  const expected = Math.max(-1, ...committing.map(({ number }) => number));
  if (offset !== expected) throw new Error(`the offset of ${id} is ${offset}, and should be ${expected}`);
}
