/**
 * A hash of the topics that a group's assignment counts on: when it changes, they have, and the group needs a new
 * assignment. Kafka writes it into the group's record since 4.1 (KIP-1101), and means the same number by it.
 */
import type { TopicsView, TopicView } from "../../environment.ts";
import { HashInput } from "./hash-input.ts";
import { xxh3 } from "./xxh3.ts";

/** The version of what a topic's hash is made of. */
const MAGIC = 0;

/** How many topics' hashes are kept, topics that are gone among them, before all are forgotten. */
const MAX_KNOWN = 10_000;

/** The hash of no topics. */
export const NO_TOPICS_HASH = 0n;

interface KnownHash {
  readonly topic: Pick<TopicView, "id" | "partitionCount">;
  readonly hash: bigint;
}

/** Hashes that have been computed: a topic of many partitions is some work, and many groups may ask for it. */
const known = new WeakMap<TopicsView, Map<string, KnownHash>>();

/** The hash of those of these topics that exist, as a signed 64-bit number. */
export function metadataHash(topicNames: Iterable<string>, topics: TopicsView): bigint {
  const input = new HashInput();
  for (const name of [...topicNames].sort(inOrderOfUtf16)) {
    const topic = topics.byName(name);
    if (topic !== undefined) input.long(topicHash(topic, topics));
  }
  return input.bytes.length === 0 ? NO_TOPICS_HASH : BigInt.asIntN(64, xxh3(input.bytes));
}

function topicHash(topic: TopicView, topics: TopicsView): bigint {
  let hashes = known.get(topics);
  if (hashes === undefined) {
    hashes = new Map();
    known.set(topics, hashes);
  }
  const held = hashes.get(topic.name);
  if (
    held !== undefined &&
    held.topic.id === topic.id &&
    held.topic.partitionCount === topic.partitionCount
  ) {
    return held.hash;
  }
  const hash = computeTopicHash(topic);
  if (hashes.size >= MAX_KNOWN) hashes.clear();
  hashes.set(topic.name, { topic: { id: topic.id, partitionCount: topic.partitionCount }, hash });
  return hash;
}

/** The hash of one topic: its id, name, partitions, and the racks these are on. */
export function computeTopicHash(topic: TopicView): bigint {
  const input = new HashInput();
  input.byte(MAGIC);
  input.uuid(topic.id);
  input.string(topic.name);
  input.int(topic.partitionCount);
  for (let partition = 0; partition < topic.partitionCount; partition++) {
    input.int(partition);
    for (const rack of [...topic.racks(partition)].sort(inOrderOfUtf16)) {
      input.int(rack.length);
      input.string(rack);
    }
  }
  return xxh3(input.bytes);
}

function inOrderOfUtf16(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
