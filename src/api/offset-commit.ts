/**
 * OffsetCommit (8). Commits a group's offsets. Versions: 2 to 4 may say how long to keep them; 6 adds the leader epoch
 * (KIP-320); 7 static members (KIP-345); 8 is flexible; 9 is for members of consumer groups too (KIP-848); 10 names
 * topics by id (KIP-848).
 */
import { OffsetCommitRequest, OffsetCommitResponse } from "../protocol/messages/offset-commit.ts";
import { api } from "./api.ts";
import { commitTopics, refusedTopics } from "./offset-topics.ts";
import { requesterOf } from "./requester.ts";
import { asKafkaError } from "./unexpected.ts";

const FIRST_VERSION_WITH_TOPIC_IDS = 10;

export const offsetCommit = api(OffsetCommitRequest, OffsetCommitResponse, {
  handle(request, context) {
    const { apiVersion, broker } = context;
    return commitTopics(request.topics, {
      byId: apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS,
      image: broker.metadata.image,
      commit: (topics) => broker.groups.commitOffsets({ ...request, topics }, requesterOf(context)),
      codeOf: (error) => asKafkaError(error, "OffsetCommit", context).code,
      answer: (topics) => ({ topics }),
    });
  },
  fail: ({ topics }, { code }) => ({ topics: refusedTopics(topics, code) }),
});
