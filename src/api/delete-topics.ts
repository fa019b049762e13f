/**
 * DeleteTopics (20). Deletes topics by name, from version 6 by id as well (KIP-516). Versions: 3 knows an error for
 * a broker that deletes no topics; 5 explains errors. Each topic answers for itself; the controller does the work.
 */
import type { TopicToDelete } from "../metadata/controller/delete-topics.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../protocol/messages/delete-topics.ts";
import type { Decoded } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";
import { checkTimeLeft } from "./request-timeout.ts";

const FIRST_VERSION_WITH_DELETION_DISABLED = 3;

export const deleteTopics = api(DeleteTopicsRequest, DeleteTopicsResponse, {
  handle(request, { apiVersion, broker }) {
    if (!broker.config().deleteTopicEnable && apiVersion < FIRST_VERSION_WITH_DELETION_DISABLED) {
      throw new KafkaError("INVALID_REQUEST", "Topic deletion is disabled.");
    }
    checkTimeLeft(request.timeoutMs);
    const results = broker.metadata.controller.deleteTopics(topicsOf(request));
    return {
      throttleTimeMs: 0,
      responses: results.map(({ name, topicId, error }) => ({
        name,
        topicId,
        errorCode: error?.code ?? ErrorCode.NONE,
        errorMessage: errorMessage(error),
      })),
    };
  },
  fail: (request, error) => ({
    throttleTimeMs: 0,
    responses: topicsOf(request).map(({ name, topicId }) => ({
      name,
      topicId,
      errorCode: error.code,
      errorMessage: errorMessage(error),
    })),
  }),
});

function topicsOf({ topics, topicNames }: Decoded<typeof DeleteTopicsRequest>): TopicToDelete[] {
  return [...topics, ...topicNames.map((name) => ({ name, topicId: ZERO_UUID }))];
}
