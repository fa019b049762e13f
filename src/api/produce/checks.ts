/**
 * What a produce request has to be before its records go to a log, which looks at the records themselves.
 */
import { KafkaError } from "../../protocol/errors.ts";
import * as header from "../../records/batch-header.ts";
import type { RequestContext } from "../context.ts";
import { isInternalTopic } from "../internal-topics.ts";
import { ALL_ACKS, LEADER_ACKS, NO_ACKS, type ProduceRequestBody } from "./types.ts";

/** The client id of Kafka's own admin client, which may write to internal topics. */
const ADMIN_CLIENT_ID = "__admin_client";
const FIRST_VERSION_WITH_ZSTD = 7;
const ZSTD = 4;

/** Throws TRANSACTIONAL_ID_AUTHORIZATION_FAILED when records are transactional and the request names no transaction. */
export function refuseUnnamedTransaction({ transactionalId, topicData }: ProduceRequestBody): void {
  if (transactionalId !== null) return;
  for (const { partitionData } of topicData) {
    for (const { records } of partitionData) {
      if (records === null || !isTransactional(records)) continue;
      throw new KafkaError("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "Transactional id authorization failed.");
    }
  }
}

/**
 * The records to append to a partition of `topic`.
 *
 * @throws KafkaError INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE, INVALID_REQUIRED_ACKS or INVALID_TOPIC_EXCEPTION
 */
export function checkedRecords(
  records: Buffer | null,
  acks: number,
  topic: string,
  { apiVersion, clientId }: RequestContext,
): Buffer {
  if (records === null) throw new KafkaError("INVALID_RECORD", "A partition without a record batch.");
  if (apiVersion < FIRST_VERSION_WITH_ZSTD && isZstd(records)) {
    throw new KafkaError("UNSUPPORTED_COMPRESSION_TYPE", `Produce version ${apiVersion} doesn't allow zstd.`);
  }
  if (acks !== NO_ACKS && acks !== LEADER_ACKS && acks !== ALL_ACKS) {
    throw new KafkaError("INVALID_REQUIRED_ACKS", `acks is ${acks}, and must be -1, 0 or 1.`);
  }
  if (isInternalTopic(topic) && clientId !== ADMIN_CLIENT_ID) {
    throw new KafkaError("INVALID_TOPIC_EXCEPTION", `Cannot append to internal topic ${topic}`);
  }
  return records;
}

/** Whether the records belong to a transaction, as far as can be seen. */
export function isTransactional(records: Buffer): boolean {
  return hasHeader(records) && header.isTransactional(header.attributes(records, 0));
}

function isZstd(records: Buffer): boolean {
  return hasHeader(records) && header.compressionType(header.attributes(records, 0)) === ZSTD;
}

/** Whether there is enough to see a batch's attributes; what is shorter or older is left to the log to refuse. */
function hasHeader(records: Buffer): boolean {
  return records.length >= header.HEADER_SIZE && header.magic(records, 0) === header.MAGIC_V2;
}
