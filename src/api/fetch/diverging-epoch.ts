/**
 * Whether the log that a client read so far is this one (KIP-595): it says which leader epoch its last record had.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { endOfEpoch } from "../epoch-end.ts";
import type { Replica } from "../replicas.ts";
import { type FetchPartition, type ResponsePartition, UNKNOWN } from "./fetch-partition.ts";

/**
 * The end of the last epoch that the client's log and this one share, or undefined when they haven't parted.
 *
 * @throws KafkaError OFFSET_OUT_OF_RANGE when nothing is known of that epoch, or the offset is below the log's start
 */
export function divergingEpoch(
  { fetchOffset, lastFetchedEpoch }: FetchPartition,
  replica: Replica,
): ResponsePartition["divergingEpoch"] {
  const { log } = replica;
  const { leaderEpoch, endOffset } = endOfEpoch(replica, lastFetchedEpoch);
  if (leaderEpoch === UNKNOWN || endOffset === UNKNOWN) {
    throw new KafkaError(
      "OFFSET_OUT_OF_RANGE",
      `Could not determine the end offset of the last fetched epoch ${lastFetchedEpoch}.`,
    );
  }
  if (fetchOffset < log.logStartOffset) {
    throw new KafkaError(
      "OFFSET_OUT_OF_RANGE",
      `Offset ${fetchOffset} lies before the log, which goes from ${log.logStartOffset} to ${log.logEndOffset}.`,
    );
  }
  const haveParted = leaderEpoch < lastFetchedEpoch || endOffset < fetchOffset;
  return haveParted ? { epoch: leaderEpoch, endOffset } : undefined;
}
