/**
 * Where a group shall go on reading, in each of the ways in which that can be said.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { WrongUse } from "../../command.ts";
import type { Output } from "../../output.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { committedOffsets, type TopicPartition } from "../admin/groups.ts";
import { listOffsets, SpecialTimestamp } from "../admin/offsets.ts";
import { parseDuration } from "./duration.ts";
import type { GroupsGiven } from "./options.ts";
import type { NewOffset } from "./reset.ts";

/** The new offsets of partitions; `plan` are those of `--from-file`. */
export async function newOffsets(
  client: KafkaClient,
  group: string,
  partitions: readonly TopicPartition[],
  plan: readonly NewOffset[],
  given: GroupsGiven,
  output: Output,
): Promise<NewOffset[]> {
  const { "to-offset": offset, "shift-by": shift, "to-datetime": datetime, "by-duration": duration } = given;
  if (offset !== undefined) {
    return withinLogs(
      client,
      partitions.map(({ topic, partition }) => ({ topic, partition, offset })),
      output,
    );
  }
  if (given["to-earliest"]) return offsetsAt(client, partitions, SpecialTimestamp.earliest, output);
  if (given["to-latest"]) return offsetsAt(client, partitions, SpecialTimestamp.latest, output);
  if (shift !== undefined) return shifted(client, group, partitions, shift, output);
  if (datetime !== undefined) return offsetsAt(client, partitions, BigInt(timeOf(datetime)), output);
  if (duration !== undefined) {
    return offsetsAt(client, partitions, BigInt(Date.now() - parseDuration(duration)), output);
  }
  if (given["from-file"] !== undefined) {
    if (plan.length === 0) output.line(`\nError: No reset plan for group ${group} found`);
    return withinLogs(client, plan, output);
  }
  return current(client, group, partitions, output);
}

/** Where there is no record from that time on, the end. */
async function offsetsAt(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  timestamp: bigint,
  output: Output,
): Promise<NewOffset[]> {
  const found = await listOffsets(
    client,
    partitions.map(({ topic, partition }) => ({ topic, partition, timestamp })),
  );
  for (const { error } of found) if (error !== null) throw error;
  const later = found.filter(({ offset }) => offset < 0n);
  for (const { topic, partition } of later) {
    output.line(
      `\nWarn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.`,
    );
  }
  const ends = later.length === 0 ? [] : await offsetsAt(client, later, SpecialTimestamp.latest, output);
  const there = found.filter(({ offset }) => offset >= 0n);
  return [
    ...there.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) })),
    ...ends,
  ];
}

async function shifted(
  client: KafkaClient,
  group: string,
  partitions: readonly TopicPartition[],
  shift: number,
  output: Output,
): Promise<NewOffset[]> {
  const committed = await committedByName(client, group);
  const wanted = partitions.map((one) => {
    const offset = committed.get(nameOf(one));
    if (offset === undefined) {
      throw new WrongUse(
        `Cannot shift offset for partition ${nameOf(one)} since there is no current committed offset`,
      );
    }
    return { topic: one.topic, partition: one.partition, offset: offset + shift };
  });
  return withinLogs(client, wanted, output);
}

/** What has been committed, and the end where nothing has. */
async function current(
  client: KafkaClient,
  group: string,
  partitions: readonly TopicPartition[],
  output: Output,
): Promise<NewOffset[]> {
  const committed = await committedByName(client, group);
  const there = partitions.flatMap((one) => {
    const offset = committed.get(nameOf(one));
    return offset === undefined ? [] : [{ topic: one.topic, partition: one.partition, offset }];
  });
  const others = partitions.filter((one) => !committed.has(nameOf(one)));
  const ends = others.length === 0 ? [] : await offsetsAt(client, others, SpecialTimestamp.latest, output);
  return [...there, ...ends];
}

/** Offsets outside of the logs are moved to the nearer end. */
async function withinLogs(
  client: KafkaClient,
  wanted: readonly NewOffset[],
  output: Output,
): Promise<NewOffset[]> {
  if (wanted.length === 0) return [];
  const limits = async (timestamp: bigint) =>
    new Map((await offsetsAt(client, wanted, timestamp, output)).map((one) => [nameOf(one), one.offset]));
  const starts = await limits(SpecialTimestamp.earliest);
  const ends = await limits(SpecialTimestamp.latest);
  return wanted.map((one) => {
    const end = ends.get(nameOf(one)) ?? one.offset;
    const start = starts.get(nameOf(one)) ?? one.offset;
    const warn = (what: string, value: number) => {
      output.complain(
        `New offset (${one.offset}) is ${what} offset for topic partition ${nameOf(one)}. Value will be set to ${value}`,
      );
      return { ...one, offset: value };
    };
    if (one.offset > end) return warn("higher than latest", end);
    if (one.offset < start) return warn("lower than earliest", start);
    return one;
  });
}

async function committedByName(client: KafkaClient, group: string): Promise<Map<string, number>> {
  return new Map((await committedOffsets(client, group)).map((one) => [nameOf(one), one.offset]));
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** Milliseconds since 1970 of `2024-01-31T10:00:00.000`, with a zone behind it or without, which is UTC. */
function timeOf(text: string): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text);
  const [, local = "", zone = "Z"] = match ?? [];
  const [, hours = "", minutes = "00"] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const time = Date.parse(`${local}${zone === "Z" ? zone : `${hours}:${minutes}`}`);
  if (Number.isNaN(time)) {
    throw new ToolFailure(
      `Unparseable date: "${text}"; 2024-01-31T10:00:00.000 is one, with Z or +01:00 behind it`,
    );
  }
  return time;
}
