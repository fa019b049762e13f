/**
 * Where to begin in partitions: where the subscription says, else where the group has committed, else as
 * auto.offset.reset says.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { KafkaClient } from "../client.ts";
import { partitionName } from "../topics.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { committedOffsets, type MemberIdentity } from "./committed-offsets.ts";
import type { ConsumerConfig, OffsetReset } from "./config.ts";
import { listOffsets, type Moment } from "./list-offsets.ts";

interface Led {
  readonly assigned: AssignedPartition;
  readonly leader: number;
}

interface Start {
  /** Whose committed offsets count; nobody's for null. */
  readonly member: MemberIdentity | null;
  /** What counts more than auto.offset.reset and what is committed. */
  readonly from: number | "earliest" | "latest" | null;
}

/** Sets the partitions' positions. Rejects with a KafkaError and as `KafkaClient.sendOnce` does. */
export async function startingOffsets(
  client: KafkaClient,
  config: ConsumerConfig,
  led: readonly Led[],
  { member, from }: Start,
): Promise<void> {
  if (typeof from === "number") {
    for (const { assigned } of led) assigned.startAt(from);
    return;
  }
  const partitions = led.map(({ assigned }) => assigned);
  const committed = member === null ? new Map() : await committedOffsets(client, member, partitions);
  const unknown: Led[] = [];
  for (const one of led) {
    const offset = committed.get(partitionName(one.assigned));
    if (offset === undefined) unknown.push(one);
    else {
      one.assigned.startAt(offset);
      one.assigned.committed = offset;
    }
  }
  if (unknown.length === 0) return;
  const moment = from ?? momentOf(config.offsetReset, unknown[0]?.assigned);
  const places = unknown.map(({ assigned: { topic, partition }, leader }) => ({ topic, partition, leader }));
  const offsets = await listOffsets(client, places, moment, config.readsCommitted);
  for (const { assigned } of unknown) assigned.startAt(offsets.get(partitionName(assigned)) ?? 0);
}

function momentOf(reset: OffsetReset, partition: AssignedPartition | undefined): Moment {
  if (typeof reset === "object") return Date.now() - reset.agoMs;
  if (reset !== "none") return reset;
  const where = partition === undefined ? "" : partitionName(partition);
  throw new KafkaError(
    "OFFSET_OUT_OF_RANGE",
    `Undefined offset with no reset policy for partitions: [${where}]`,
  );
}
