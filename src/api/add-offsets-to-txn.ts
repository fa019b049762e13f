/**
 * AddOffsetsToTxn (25). Tells the coordinator that a transaction is about to commit offsets of a group: it adds the
 * partition of `__consumer_offsets` that keeps the group. Versions: 2 knows PRODUCER_FENCED (KIP-588); 3 is flexible; 4
 * knows TRANSACTION_ABORTABLE (KIP-890).
 */
import { GROUP_TOPIC } from "../group/group-topic.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from "../protocol/messages/add-offsets-to-txn.ts";
import { api } from "./api.ts";
import { ensureCoordinatorTopic } from "./coordinator-topic.ts";
import { forClientsBeforeFencing } from "./transaction-errors.ts";

const FIRST_VERSION_WITH_FENCED = 2;
/** Clients that ask for it themselves keep their epoch at a transaction's end. */
const CLIENT_VERSION = 0;

const added = { throttleTimeMs: 0, errorCode: ErrorCode.NONE };

export const addOffsetsToTxn = api(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, {
  handle({ groupId, ...producer }, context) {
    const { broker } = context;
    // A client may ask this before it has looked for the group's coordinator, which makes the topic.
    ensureCoordinatorTopic(GROUP_TOPIC, context);
    const partitions = [{ topic: GROUP_TOPIC, partitions: [broker.groups.partitionFor(groupId)] }];
    const done = broker.transactions.addPartitions({ ...producer, partitions }, CLIENT_VERSION);
    return done instanceof Promise ? done.then(() => added) : added;
  },
  fail(_request, error, { apiVersion }) {
    const { code } = apiVersion < FIRST_VERSION_WITH_FENCED ? forClientsBeforeFencing(error) : error;
    return { throttleTimeMs: 0, errorCode: code };
  },
});
