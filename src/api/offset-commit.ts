/**
 * OffsetCommit (8). Commits a group's offsets. Versions: 2 to 4 may say how long to keep them; 6 adds the leader epoch
 * (KIP-320); 7 static members (KIP-345); 8 is flexible; 9 is for members of consumer groups too (KIP-848); 10 names
 * topics by id (KIP-848).
 */
import { ErrorCode } from "../protocol/errors.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../protocol/messages/offset-commit.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { mergeTopics } from "./merge-topics.ts";
import { requesterOf } from "./requester.ts";

type Request = Decoded<typeof OffsetCommitRequest>;
type Topic = Request["topics"][number];
type AnsweredTopic = Encodable<typeof OffsetCommitResponse>["topics"][number];

const FIRST_VERSION_WITH_TOPIC_IDS = 10;

export const offsetCommit = api(OffsetCommitRequest, OffsetCommitResponse, {
  handle(request, context) {
    const refused: AnsweredTopic[] = [];
    const topics = request.topics.flatMap((topic) => existing(topic, context, refused));
    if (topics.length === 0) return { topics: mergeTopics(refused) };
    const reply = context.broker.groups.commitOffsets({ ...request, topics }, requesterOf(context));
    return reply instanceof Promise
      ? reply.then((later) => ({ topics: mergeTopics([...refused, ...later.topics]) }))
      : { topics: mergeTopics([...refused, ...reply.topics]) };
  },
  fail: ({ topics }, { code }) => ({ topics: topics.map((topic) => answered(topic, code)) }),
});

/** A topic with its name, its id and those of its partitions that there are; what there isn't goes to `refused`. */
function existing(topic: Topic, { broker, apiVersion }: RequestContext, refused: AnsweredTopic[]): Topic[] {
  const { image } = broker.metadata;
  const byId = apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS;
  const found = byId ? image.topicById(topic.topicId) : image.topicByName(topic.name);
  if (found === undefined) {
    const error = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    refused.push(answered(topic, error));
    return [];
  }
  const named = { ...topic, name: found.name, topicId: found.id };
  const isThere = ({ partitionIndex }: Topic["partitions"][number]) =>
    found.partitions[partitionIndex] !== undefined;
  const unknown = topic.partitions.filter((partition) => !isThere(partition));
  if (unknown.length > 0) {
    refused.push(answered({ ...named, partitions: unknown }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
  }
  const partitions = topic.partitions.filter(isThere);
  return partitions.length === 0 ? [] : [{ ...named, partitions }];
}

function answered({ topicId = ZERO_UUID, name, partitions }: Topic, errorCode: number): AnsweredTopic {
  return {
    topicId,
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  };
}
