/**
 * What a group has committed, as a consumer asks that waits for open transactions to end.
 */
import { OffsetFetchRequest, OffsetFetchResponse } from "../../src/protocol/messages/offset-fetch.ts";
import type { RawClient } from "./raw-client.ts";

/** `topic-partition offset` each, in order. Throws where an offset is not stable, or can't be had for other reasons. */
export async function committedOffsets(client: RawClient, groupId: string): Promise<string[]> {
  const { groups } = await client.request(OffsetFetchRequest, OffsetFetchResponse, 8, {
    groups: [{ groupId, topics: null }],
    requireStable: true,
  });
  const [group] = groups;
  if (group === undefined || group.errorCode !== 0) throw new Error(`${groupId}: ${group?.errorCode}`);
  const lines = group.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, errorCode }) => {
      if (errorCode !== 0) throw new Error(`${groupId} ${name}-${partitionIndex}: ${errorCode}`);
      return `${name}-${partitionIndex} ${committedOffset}`;
    }),
  );
  return lines.sort();
}
