/**
 * CreatePartitions (37). Adds partitions to topics, or with `validateOnly` says whether it could (KIP-195). `count`
 * is what a topic is to have in all. Versions: 2 is flexible; 3 knows a quota's error. Each topic answers for itself;
 * the controller does the work.
 */
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
import { CreatePartitionsRequest, CreatePartitionsResponse } from "../protocol/messages/create-partitions.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";
import { checkTimeLeft } from "./request-timeout.ts";

export const createPartitions = api(CreatePartitionsRequest, CreatePartitionsResponse, {
  handle({ topics, timeoutMs, validateOnly }, { broker }) {
    checkTimeLeft(timeoutMs);
    const results = broker.metadata.controller.createPartitions(topics, { validateOnly });
    return { throttleTimeMs: 0, results: results.map(({ name, error }) => answer(name, error)) };
  },
  fail: ({ topics }, error) => ({
    throttleTimeMs: 0,
    results: topics.map(({ name }) => answer(name, error)),
  }),
});

function answer(name: string, error: KafkaError | undefined) {
  return { name, errorCode: error?.code ?? ErrorCode.NONE, errorMessage: errorMessage(error) };
}
