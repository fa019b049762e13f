/**
 * The consumer protocol inside the classic one: what consumers say of themselves when they join a classic group
 * (ConsumerProtocolSubscription), and what they are assigned (ConsumerProtocolAssignment), each with its version before
 * it. A version that isn't known is read as the last one that is, as Kafka does: versions only add to the end.
 */
import { encode, read } from "../../protocol/codec.ts";
import { ConsumerProtocolAssignment } from "../../protocol/data/consumer-protocol-assignment.ts";
import { ConsumerProtocolSubscription } from "../../protocol/data/consumer-protocol-subscription.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import { Reader } from "../../protocol/reader.ts";
import type { Decoded } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicsView } from "../environment.ts";
import type { Assignment, TopicPartitions } from "./assignment.ts";

const VERSION_SIZE = 2;

/** @throws MalformedError */
export function decodeSubscription(metadata: Uint8Array): Decoded<typeof ConsumerProtocolSubscription> {
  const version = Math.min(versionOf(metadata), ConsumerProtocolSubscription.versions.max);
  return read(ConsumerProtocolSubscription, version, new Reader(metadata, VERSION_SIZE));
}

/** @throws MalformedError */
export function decodeAssignment(bytes: Uint8Array): Decoded<typeof ConsumerProtocolAssignment> {
  const version = Math.min(versionOf(bytes), ConsumerProtocolAssignment.versions.max);
  return read(ConsumerProtocolAssignment, version, new Reader(bytes, VERSION_SIZE));
}

/**
 * An assignment for a member that subscribed with `metadata`: of the same version.
 *
 * @throws MalformedError when `metadata` has no version
 */
export function encodeAssignment(assignment: Assignment, topics: TopicsView, metadata: Uint8Array): Buffer {
  const version = Math.min(versionOf(metadata), ConsumerProtocolAssignment.versions.max);
  const assignedPartitions = [...assignment].flatMap(([topicId, partitions]) => {
    const topic = topics.byId(topicId)?.name;
    return topic === undefined ? [] : [{ topic, partitions: [...partitions] }];
  });
  const body = encode(ConsumerProtocolAssignment, version, { assignedPartitions });
  const bytes = Buffer.alloc(VERSION_SIZE + body.length);
  bytes.writeInt16BE(version, 0);
  bytes.set(body, VERSION_SIZE);
  return bytes;
}

/** Partitions listed by topic name, of those topics that exist. */
export function withTopicIds(
  list: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  topics: TopicsView,
): TopicPartitions[] {
  return list.flatMap(({ topic, partitions }) => {
    const topicId: Uuid | undefined = topics.byName(topic)?.id;
    return topicId === undefined ? [] : [{ topicId, partitions }];
  });
}

/** @throws MalformedError */
function versionOf(bytes: Uint8Array): number {
  if (bytes.length < VERSION_SIZE)
    throw new MalformedError("no version before a message of the consumer protocol");
  const version = new DataView(bytes.buffer, bytes.byteOffset).getInt16(0);
  if (version < 0) throw new MalformedError(`version ${version} of a message of the consumer protocol`);
  return version;
}
