/**
 * The topics of requests that commit offsets: by name or by id, of which some may not exist.
 */
import type { ClusterImage } from "../metadata/image/cluster-image.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";

/** A topic as a request names it. */
interface RequestedTopic<Partition> {
  readonly topicId: Uuid;
  readonly name: string;
  readonly partitions: readonly Partition[];
}

interface RequestedPartition {
  readonly partitionIndex: number;
}

/** What is answered for a topic. */
export interface AnsweredTopic {
  readonly topicId: Uuid;
  readonly name: string;
  readonly partitions: { readonly partitionIndex: number; readonly errorCode: number }[];
}

/**
 * The topic with its name, its id and those of its partitions that there are; undefined without any. What there isn't
 * goes to `refused`.
 */
export function existingTopic<P extends RequestedPartition, T extends RequestedTopic<P>>(
  topic: T & RequestedTopic<P>,
  byId: boolean,
  image: ClusterImage,
  refused: AnsweredTopic[],
): (T & { name: string; topicId: Uuid; partitions: P[] }) | undefined {
  const found = byId ? image.topicById(topic.topicId) : image.topicByName(topic.name);
  if (found === undefined) {
    const error = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    refused.push(answeredTopic(topic, error));
    return undefined;
  }
  const named = { ...topic, name: found.name, topicId: found.id };
  const isThere = ({ partitionIndex }: P) => found.partitions[partitionIndex] !== undefined;
  const unknown = topic.partitions.filter((partition) => !isThere(partition));
  if (unknown.length > 0) {
    refused.push(answeredTopic({ ...named, partitions: unknown }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
  }
  const partitions = topic.partitions.filter(isThere);
  return partitions.length === 0 ? undefined : { ...named, partitions };
}

/** The answer that says the same of all partitions. */
export function answeredTopic(
  { topicId = ZERO_UUID, name, partitions }: RequestedTopic<RequestedPartition>,
  errorCode: number,
): AnsweredTopic {
  return {
    topicId,
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  };
}
