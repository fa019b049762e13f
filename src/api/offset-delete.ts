/**
 * OffsetDelete (47). Deletes a group's offsets of topics that it doesn't read (KIP-496). Version 0 only.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { OffsetDeleteRequest, OffsetDeleteResponse } from "../protocol/messages/offset-delete.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { mergeTopics } from "./merge-topics.ts";

type Topic = Decoded<typeof OffsetDeleteRequest>["topics"][number];
type Response = Encodable<typeof OffsetDeleteResponse>;
type AnsweredTopic = Response["topics"][number];

export const offsetDelete = api(OffsetDeleteRequest, OffsetDeleteResponse, {
  handle(request, context) {
    if (request.groupId === "") throw new KafkaError("INVALID_GROUP_ID", "A group id is empty.");
    const refused: AnsweredTopic[] = [];
    const topics = request.topics.flatMap((topic) => existing(topic, context, refused));
    const reply = context.broker.groups.deleteOffsets({ ...request, topics });
    const withRefused = (response: Response): Response => ({
      ...response,
      topics: mergeTopics([...refused, ...response.topics]),
    });
    return reply instanceof Promise ? reply.then(withRefused) : withRefused(reply);
  },
  fail: (_request, { code }) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
});

/** A topic with those of its partitions that there are; what there isn't goes to `refused`. */
function existing(topic: Topic, { broker }: RequestContext, refused: AnsweredTopic[]): Topic[] {
  const { name } = topic;
  const found = broker.metadata.image.topicByName(name);
  const isThere = ({ partitionIndex }: Topic["partitions"][number]) =>
    found?.partitions[partitionIndex] !== undefined;
  const unknown = topic.partitions.filter((partition) => !isThere(partition));
  if (unknown.length > 0) {
    const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    const partitions = unknown.map(({ partitionIndex }) => ({ partitionIndex, errorCode }));
    refused.push({ name, partitions });
  }
  const partitions = topic.partitions.filter(isThere);
  return partitions.length === 0 ? [] : [{ name, partitions }];
}
