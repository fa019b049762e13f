/**
 * OffsetCommit (8). Commits a group's offsets. Versions: 2 to 4 may say how long to keep them; 6 adds the leader epoch
 * (KIP-320); 7 static members (KIP-345); 8 is flexible; 9 is for members of consumer groups too (KIP-848); 10 names
 * topics by id (KIP-848).
 */
import { OffsetCommitRequest, OffsetCommitResponse } from "../protocol/messages/offset-commit.ts";
import type { Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import { mergeTopics } from "./merge-topics.ts";
import { type AnsweredTopic, answeredTopic, existingTopic } from "./offset-topics.ts";
import { requesterOf } from "./requester.ts";
import { asKafkaError } from "./unexpected.ts";

type Response = Encodable<typeof OffsetCommitResponse>;

const FIRST_VERSION_WITH_TOPIC_IDS = 10;

export const offsetCommit = api(OffsetCommitRequest, OffsetCommitResponse, {
  handle(request, context) {
    const { apiVersion, broker } = context;
    const refused: AnsweredTopic[] = [];
    const byId = apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS;
    const topics = request.topics.flatMap(
      (topic) => existingTopic(topic, byId, broker.metadata.image, refused) ?? [],
    );
    if (topics.length === 0) return answer(refused);
    const failed = (error: unknown) => {
      const { code } = asKafkaError(error, "OffsetCommit", context);
      return answer([...refused, ...topics.map((topic) => answeredTopic(topic, code))]);
    };
    try {
      const reply = broker.groups.commitOffsets({ ...request, topics }, requesterOf(context));
      return reply instanceof Promise
        ? reply.then((later) => answer([...refused, ...later.topics]), failed)
        : answer([...refused, ...reply.topics]);
    } catch (error) {
      return failed(error);
    }
  },
  fail: ({ topics }, { code }) => answer(topics.map((topic) => answeredTopic(topic, code))),
});

function answer(topics: readonly Response["topics"][number][]): Response {
  return { topics: mergeTopics(topics) };
}
