/**
 * TxnOffsetCommit (28). Commits a group's offsets that count once the transaction is committed (KIP-98). Versions: 2 adds
 * the leader epoch (KIP-320); 3 says who commits, and so fences former members (KIP-447); 4 knows TRANSACTION_ABORTABLE
 * (KIP-890); 5 adds the group to the transaction without AddOffsetsToTxn (KIP-890 part 2); 6 names topics by id.
 */
import { GROUP_TOPIC } from "../group/group-topic.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from "../protocol/messages/txn-offset-commit.ts";
import type { Decoded } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { commitTopics, refusedTopics } from "./offset-topics.ts";
import { requesterOf } from "./requester.ts";
import { notAdded, verificationError } from "./transaction-errors.ts";
import { asKafkaError } from "./unexpected.ts";

type Request = Decoded<typeof TxnOffsetCommitRequest>;

const FIRST_VERSION_THAT_KNOWS_LOADING = 2;
const FIRST_VERSION_WITH_ABORTABLE = 4;
const FIRST_VERSION_THAT_ADDS_GROUPS = 5;
const FIRST_VERSION_WITH_TOPIC_IDS = 6;
/** The `transaction.version` of clients whose groups are added as they commit. */
const CLIENT_VERSION = 2;

export const txnOffsetCommit = api(TxnOffsetCommitRequest, TxnOffsetCommitResponse, {
  handle(request, context) {
    const { apiVersion, broker } = context;
    return commitTopics(request.topics, {
      byId: apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS,
      image: broker.metadata.image,
      commit: (topics) =>
        withinTransaction(request, context, () =>
          broker.groups.commitTransactionalOffsets({ ...request, topics }, requesterOf(context)),
        ),
      codeOf: (error) => codeFor(apiVersion, asKafkaError(error, "TxnOffsetCommit", context).code),
      answer: (topics) => ({ throttleTimeMs: 0, topics }),
    });
  },
  fail({ topics }, { code }, { apiVersion }) {
    return { throttleTimeMs: 0, topics: refusedTopics(topics, codeFor(apiVersion, code)) };
  },
});

/** Clients before Kafka 2.3 can't bear to be told that a coordinator is loading (KAFKA-7296). */
function codeFor(apiVersion: number, code: number): number {
  const isLoading = code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
  return isLoading && apiVersion < FIRST_VERSION_THAT_KNOWS_LOADING
    ? ErrorCode.COORDINATOR_NOT_AVAILABLE
    : code;
}

/**
 * Commits once the transaction knows of the group's partition of `__consumer_offsets`: verification and commit are one
 * step, in which nobody can end the transaction.
 */
function withinTransaction<T>(
  { groupId, transactionalId, producerId, producerEpoch }: Request,
  { apiVersion, broker }: RequestContext,
  commit: () => T | Promise<T>,
): T | Promise<T> {
  const { transactions, groups, config } = broker;
  if (groupId === "") throw new KafkaError("INVALID_GROUP_ID", "The configured groupId is invalid.");
  const addsGroup = apiVersion >= FIRST_VERSION_THAT_ADDS_GROUPS;
  const support = { addsPartitions: addsGroup, knowsAbortable: apiVersion >= FIRST_VERSION_WITH_ABORTABLE };
  const partitions = [{ topic: GROUP_TOPIC, partitions: [groups.partitionFor(groupId)] }];
  const asked = { transactionalId, producerId, producerEpoch, partitions };
  const failed = (error: unknown): never => {
    throw error instanceof KafkaError ? verificationError(error, support) : error;
  };
  const verified = (): T | Promise<T> => {
    const missing = attempt(() => transactions.partitionsNotAdded(asked), failed);
    if (missing.length > 0) return failed(notAdded("TRANSACTION_ABORTABLE"));
    return commit();
  };
  if (!addsGroup) return config().transactionPartitionVerificationEnable ? verified() : commit();
  const added = attempt(() => transactions.addPartitions(asked, CLIENT_VERSION), failed);
  return added instanceof Promise ? added.then(verified, failed) : commit();
}

function attempt<T>(run: () => T, failed: (error: unknown) => never): T {
  try {
    return run();
  } catch (error) {
    return failed(error);
  }
}
