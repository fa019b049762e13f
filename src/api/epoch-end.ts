/**
 * Where a leader epoch ends in the log of a partition's leader (KIP-101).
 */
import type { Replica } from "./replicas.ts";

const UNKNOWN = -1;

/**
 * The largest epoch of the log that isn't above `epoch`, and the offset where it ended; -1 and -1 when nothing can be
 * said. An epoch begins with its leader: the current one ends where the log ends, even if it has no record yet.
 */
export function endOfEpoch(
  { log, partition }: Replica,
  epoch: number,
): { leaderEpoch: number; endOffset: number } {
  const isSinceLastRecord = epoch > log.leaderEpoch && epoch <= partition.leaderEpoch;
  if (epoch === UNKNOWN || !isSinceLastRecord) return log.endOffsetForEpoch(epoch);
  const hadRecords = epoch < partition.leaderEpoch && log.leaderEpoch !== UNKNOWN;
  return { leaderEpoch: hadRecords ? log.leaderEpoch : epoch, endOffset: log.logEndOffset };
}
