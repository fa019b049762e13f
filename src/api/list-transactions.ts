/**
 * ListTransactions (66). The transactional ids that there are (KIP-664). Versions: 1 filters by how long the transaction
 * has been going on (KIP-994), 2 by a pattern of the id (KIP-1152).
 *
 * Patterns are those of consumer groups (RE2), matched in linear time: Kafka takes Java's, which can take for ever. They
 * match ids of ASCII characters only.
 */
import { TooManyStepsError } from "../group/consumer/regex/matcher.ts";
import { topicRegex } from "../group/consumer/regex/regex.ts";
import { RegexSyntaxError } from "../group/consumer/regex/syntax-error.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { ListTransactionsRequest, ListTransactionsResponse } from "../protocol/messages/list-transactions.ts";
import { stateNamed } from "../transaction/transaction-state.ts";
import { api } from "./api.ts";

type Matches = (transactionalId: string) => boolean;

const NO_DURATION = 0n;

export const listTransactions = api(ListTransactionsRequest, ListTransactionsResponse, {
  handle(request, { broker }) {
    const { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern } = request;
    const states = stateFilters.map(stateNamed);
    const matches = transactionalIdPattern ? matching(transactionalIdPattern) : undefined;
    const found = broker.transactions.list({
      states: stateFilters.length > 0 ? new Set(states.filter((state) => state !== undefined)) : undefined,
      producerIds: producerIdFilters.length > 0 ? new Set(producerIdFilters) : undefined,
      longerThanMs: durationFilter >= NO_DURATION ? Number(durationFilter) : undefined,
      matches,
    });
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      unknownStateFilters: stateFilters.filter((_name, index) => states[index] === undefined),
      transactionStates: found.map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
    };
  },
  fail: (_request, { code }) => ({
    throttleTimeMs: 0,
    errorCode: code,
    unknownStateFilters: [],
    transactionStates: [],
  }),
});

/** Both throw INVALID_REGULAR_EXPRESSION: for a pattern that is none, and for one that takes too long. */
function matching(pattern: string): Matches {
  const regex = refusing(pattern, () => topicRegex(pattern));
  return (transactionalId) => refusing(pattern, () => regex.matches(transactionalId));
}

function refusing<T>(pattern: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RegexSyntaxError || error instanceof TooManyStepsError)) throw error;
    throw new KafkaError(
      "INVALID_REGULAR_EXPRESSION",
      `Transaction ID pattern \`${pattern}\` is not a valid regular expression: ${error.message}.`,
    );
  }
}
