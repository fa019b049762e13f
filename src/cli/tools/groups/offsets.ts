/**
 * A group's offsets and how far they lag behind, as a table.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { byTopicAndPartition, committedOffsets, type GroupDescription } from "../admin/groups.ts";
import { listOffsets, SpecialTimestamp } from "../admin/offsets.ts";
import { longest, paddedRow } from "../admin/table.ts";
import { existingPartitions } from "../admin/topics.ts";

export interface OffsetRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number | null;
  readonly currentOffset: number | null;
  readonly logEndOffset: number | null;
  readonly lag: number | null;
  readonly consumerId: string | null;
  readonly host: string | null;
  readonly clientId: string | null;
}

const COLUMN = 15;
const PARTITION_COLUMN = 10;

/** A row for each partition that a member reads, members with many first, and for each other that has an offset. */
export async function groupOffsets(
  client: KafkaClient,
  { group, members }: GroupDescription,
): Promise<OffsetRow[]> {
  const committed = new Map((await committedOffsets(client, group)).map((one) => [nameOf(one), one]));
  const assigned = members
    .filter(({ assignment }) => assignment.length > 0)
    .sort((a, b) => b.assignment.length - a.assignment.length)
    .flatMap(({ id, host, clientId, assignment }) =>
      assignment.toSorted(byTopicAndPartition).map((one) => ({ ...one, id, host, clientId })),
    );
  const taken = new Set(assigned.map(nameOf));
  const others = [...committed.values()]
    .filter((one) => !taken.has(nameOf(one)))
    .sort(byTopicAndPartition)
    .map(({ topic, partition }) => ({ topic, partition, id: null, host: null, clientId: null }));
  const all = [...assigned, ...others];
  const ends = await logEndOffsets(client, all);
  return all.map(({ topic, partition, id, host, clientId }) => {
    const found = committed.get(nameOf({ topic, partition }));
    const logEndOffset = ends.get(nameOf({ topic, partition })) ?? null;
    const currentOffset = found?.offset ?? null;
    const lag = currentOffset === null || logEndOffset === null ? null : logEndOffset - currentOffset;
    const leaderEpoch = found === undefined || found.leaderEpoch < 0 ? null : found.leaderEpoch;
    return {
      ...{ group, topic, partition, leaderEpoch, currentOffset, logEndOffset, lag },
      ...{ consumerId: id, host, clientId },
    };
  });
}

/** Where the partitions end; those of topics that have gone are left out. */
async function logEndOffsets(
  client: KafkaClient,
  partitions: readonly { topic: string; partition: number }[],
): Promise<Map<string, number>> {
  const existing = await existingPartitions(client, partitions);
  const queries = existing.map(({ topic, partition }) => ({
    topic,
    partition,
    timestamp: SpecialTimestamp.latest,
  }));
  const found = await listOffsets(client, queries);
  return new Map(
    found.filter(({ error }) => error === null).map((one) => [nameOf(one), Number(one.offset)] as const),
  );
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}-${partition}`;

/** A header and the rows. */
export function offsetsText(rows: readonly OffsetRow[], verbose: boolean): string {
  const cell = (value: string | number | null) => String(value ?? "-");
  const width = (text: (row: OffsetRow) => string | null) =>
    longest(
      rows.map((row) => cell(text(row))),
      COLUMN,
    );
  const widths = [
    width(({ group }) => group),
    width(({ topic }) => topic),
    PARTITION_COLUMN,
    ...(verbose ? [COLUMN] : []),
    ...[COLUMN, COLUMN, COLUMN],
    width(({ consumerId }) => consumerId),
    width(({ host }) => host),
  ];
  const header = [
    ...["GROUP", "TOPIC", "PARTITION"],
    ...(verbose ? ["LEADER-EPOCH"] : []),
    ...["CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"],
  ];
  const lines = rows.map((row) =>
    [
      ...[row.group, row.topic, row.partition],
      ...(verbose ? [row.leaderEpoch] : []),
      ...[row.currentOffset, row.logEndOffset, row.lag, row.consumerId, row.host, row.clientId],
    ].map(cell),
  );
  return ["", ...[header, ...lines].map((cells) => paddedRow(cells, widths))].join("\n");
}
