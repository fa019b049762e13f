/**
 * The ways in which a fetch request relates to a session (KIP-227): it names one that can't go on, it wants none,
 * it wants a new one, or it goes on with one.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import { type FetchPartition, type PartitionAnswer, recordsSize } from "./fetch-partition.ts";
import { type FetchPartitions, type FetchSession, NO_SESSION } from "./session.ts";

/** What is answered, in which session, and with which of the partitions. */
export interface SessionAnswer {
  readonly errorCode: number;
  readonly sessionId: number;
  readonly partitions: readonly PartitionAnswer[];
}

export interface FetchContext {
  /** The partitions to read, in order. */
  partitions(): Iterable<FetchPartition>;
  /** Chooses what to tell of what was read, and remembers it. Called once, with the answers of all partitions. */
  answer(partitions: readonly PartitionAnswer[]): SessionAnswer;
}

/** A request whose session can't go on: the client has to start a new one. */
export function failedContext(errorCode: number): FetchContext {
  return {
    partitions: () => [],
    answer: () => ({ errorCode, sessionId: NO_SESSION, partitions: [] }),
  };
}

/** A request that wants no session. */
export function sessionlessContext(requested: FetchPartitions): FetchContext {
  return {
    partitions: () => requested.values(),
    answer: (partitions) => ({ errorCode: ErrorCode.NONE, sessionId: NO_SESSION, partitions }),
  };
}

/**
 * A request that wants a new session.
 *
 * @param create makes the session and returns its id, or NO_SESSION when there is no room for it
 */
export function newSessionContext(
  requested: FetchPartitions,
  create: (partitions: FetchPartitions) => number,
): FetchContext {
  return {
    partitions: () => requested.values(),
    answer(partitions) {
      const told: FetchPartitions = new Map();
      for (const { target, response } of partitions) {
        target.remember(response);
        told.set(target.key, target);
      }
      return { errorCode: ErrorCode.NONE, sessionId: create(told), partitions };
    },
  };
}

/** A request that goes on with a session; it is answered with the partitions that have news. */
export function incrementalContext(session: FetchSession): FetchContext {
  const { epoch } = session;
  return {
    partitions: () => session.partitions.values(),
    answer(partitions) {
      // While this request waited, the client went on with another: what is read here belongs to neither.
      if (session.epoch !== epoch) {
        const errorCode = ErrorCode.INVALID_FETCH_SESSION_EPOCH;
        return { errorCode, sessionId: session.id, partitions: [] };
      }
      const news = partitions.filter(({ target, response }) => target.isNews(response));
      for (const { target, response } of news) {
        target.remember(response);
        if (recordsSize(response) > 0) session.moveToEnd(target);
      }
      return { errorCode: ErrorCode.NONE, sessionId: session.id, partitions: news };
    },
  };
}
