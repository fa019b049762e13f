/**
 * Requests that name many things (partitions, topics, resources) are answered for each of them: what goes wrong
 * with one is told in its place and doesn't touch the others.
 */
import type { KafkaError } from "../protocol/errors.ts";
import type { RequestContext } from "./context.ts";
import { asKafkaError } from "./unexpected.ts";

/** The answers for the partitions that a request names by their topics' names. */
export function answerPartitions<Asked, Answer>(
  request: { readonly topics: readonly { readonly name: string; readonly partitions: readonly Asked[] }[] },
  answer: (topic: string, asked: Asked) => Answer,
) {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((asked) => answer(name, asked)),
  }));
  return { throttleTimeMs: 0, topics };
}

/**
 * One element's answer: what `answer` returns, or what `failed` makes of the error that it threw. An error that is
 * none of Kafka's is logged and told as UNKNOWN_SERVER_ERROR.
 *
 * @param what the element, for the log: "DeleteRecords of orders-3"
 * @example topics.map(({ name }) => answerElement("…", context, () => describe(name), ({ code }) => ({ name, errorCode: code })))
 */
export function answerElement<T>(
  what: string,
  context: RequestContext,
  answer: () => T,
  failed: (error: KafkaError) => T,
): T {
  try {
    return answer();
  } catch (error) {
    return failed(asKafkaError(error, what, context));
  }
}
