/**
 * TxnOffsetCommit: commits offsets that count once the producer's transaction is committed.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { KafkaError } from "../../protocol/errors.ts";
import type {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../protocol/messages/txn-offset-commit.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { Requester } from "../environment.ts";
import type { PartitionValidator } from "../group.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { commitRecords, NO_EXPIRY } from "./commit-records.ts";

type Request = Decoded<typeof TxnOffsetCommitRequest>;

/** Older versions say ILLEGAL_GENERATION instead of GROUP_ID_NOT_FOUND and STALE_MEMBER_EPOCH. */
const FIRST_VERSION_WITH_NEW_ERRORS = 6;

/**
 * Commits offsets; topics have their names, and partitions exist. The outcome is to be written for the producer whose
 * transaction it is.
 *
 * @throws KafkaError where the member may commit nothing at all
 */
export function commitTransactionalOffsets(
  shard: GroupShard,
  request: Request,
  { apiVersion }: Requester,
  nowMs: number,
): Outcome<GroupRecord, Encodable<typeof TxnOffsetCommitResponse>> {
  try {
    const validate = validateCommit(shard, request, apiVersion);
    const { records, reply } = commitRecords(shard, request, {
      validate,
      nowMs,
      expireTimestamp: NO_EXPIRY,
    });
    return { records, reply: { throttleTimeMs: 0, ...reply } };
  } catch (error) {
    throw error instanceof KafkaError ? errorFor(apiVersion, error) : error;
  }
}

function validateCommit(
  shard: GroupShard,
  request: Request,
  apiVersion: number,
): PartitionValidator | undefined {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch } = request;
  const group = shard.groups.get(groupId);
  if (group === undefined) {
    if (generationIdOrMemberEpoch < 0) return undefined;
    throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} not found.`);
  }
  const transactional = true;
  return group.validateOffsetCommit({
    memberId,
    groupInstanceId,
    generationIdOrMemberEpoch,
    transactional,
    apiVersion,
  });
}

function errorFor(apiVersion: number, error: KafkaError): KafkaError {
  if (apiVersion >= FIRST_VERSION_WITH_NEW_ERRORS) return error;
  return error.errorName === "GROUP_ID_NOT_FOUND" || error.errorName === "STALE_MEMBER_EPOCH"
    ? new KafkaError("ILLEGAL_GENERATION", "Specified group generation id is not valid.")
    : error;
}
