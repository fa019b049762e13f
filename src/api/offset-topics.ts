/**
 * Committing offsets for topics that a request names, by name or by id, and of which some may not exist.
 */
import type { ClusterImage } from "../metadata/image/cluster-image.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { OffsetCommitResponse } from "../protocol/messages/offset-commit.ts";
import type { Encodable } from "../protocol/schema.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";
import { mergeTopics } from "./merge-topics.ts";

/** A topic as a request names it. */
interface RequestedTopic<Partition> {
  readonly topicId: Uuid;
  readonly name: string;
  readonly partitions: readonly Partition[];
}

interface RequestedPartition {
  readonly partitionIndex: number;
}

/** What is answered for a topic, within a transaction or not. */
type AnsweredTopic = Encodable<typeof OffsetCommitResponse>["topics"][number];

/** How a request's topics are committed and answered for. */
interface Commit<Topic, Response> {
  readonly byId: boolean;
  readonly image: ClusterImage;
  commit(topics: (Topic & Named)[]): Committed | Promise<Committed>;
  /** The code of what `commit` has thrown, or rejected with. */
  codeOf(error: unknown): number;
  answer(topics: AnsweredTopic[]): Response;
}

interface Named {
  readonly name: string;
  readonly topicId: Uuid;
}

interface Committed {
  readonly topics: readonly AnsweredTopic[];
}

/** Commits the offsets of those topics that there are, if there are any, and answers for all, each once. */
export function commitTopics<P extends RequestedPartition, T extends RequestedTopic<P>, Response>(
  topics: readonly (T & RequestedTopic<P>)[],
  { byId, image, commit, codeOf, answer }: Commit<T, Response>,
): Response | Promise<Response> {
  const refused: AnsweredTopic[] = [];
  const existing = topics.flatMap((topic) => existingTopic(topic, byId, image, refused) ?? []);
  if (existing.length === 0) return answer(mergeTopics(refused));
  const answered = (reply: Committed) => answer(mergeTopics([...refused, ...reply.topics]));
  const failed = (error: unknown) => {
    const code = codeOf(error);
    return answered({ topics: existing.map((topic) => answeredTopic(topic, code)) });
  };
  try {
    const reply = commit(existing);
    return reply instanceof Promise ? reply.then(answered, failed) : answered(reply);
  } catch (error) {
    return failed(error);
  }
}

/**
 * The topic with its name, its id and those of its partitions that there are; undefined without any. What there isn't
 * goes to `refused`.
 */
function existingTopic<P extends RequestedPartition, T extends RequestedTopic<P>>(
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

/** The answers that say the same of all partitions, each topic once. */
export function refusedTopics(topics: readonly RequestedTopic<RequestedPartition>[], errorCode: number) {
  return mergeTopics(topics.map((topic) => answeredTopic(topic, errorCode)));
}

function answeredTopic(
  { topicId = ZERO_UUID, name, partitions }: RequestedTopic<RequestedPartition>,
  errorCode: number,
): AnsweredTopic {
  return {
    topicId,
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  };
}
