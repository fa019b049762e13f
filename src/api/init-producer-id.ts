/**
 * InitProducerId (22). Gives a producer an id and an epoch for its sequence numbers (KIP-98). Versions: 3 lets a
 * producer name the id and epoch it had (KIP-360); 4 knows PRODUCER_FENCED; 5 TRANSACTION_ABORTABLE (KIP-890). 6, for
 * two-phase commit (KIP-939), is not stable in Kafka and not served.
 *
 * A producer without a transactional id gets a new id in any case, as in Kafka: it starts its sequences anew.
 *
 * There are no transactions yet. A transactional id is answered with UNSUPPORTED_VERSION: it ends a client's attempt
 * at once and says that it is this broker that can't, where COORDINATOR_NOT_AVAILABLE would have it try for ever.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { InitProducerIdRequest, InitProducerIdResponse } from "../protocol/messages/init-producer-id.ts";
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from "../records/batch-header.ts";
import { api } from "./api.ts";

const FIRST_EPOCH = 0;

export const initProducerId = api(InitProducerIdRequest, InitProducerIdResponse, {
  servedTo: 5,
  handle({ transactionalId, producerId, producerEpoch }, { broker }) {
    if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH)) {
      throw new KafkaError(
        "INVALID_REQUEST",
        "A producer id and a producer epoch are known together or not at all.",
      );
    }
    if (transactionalId === "") {
      throw new KafkaError("INVALID_REQUEST", "A transactional id may not be empty.");
    }
    if (transactionalId !== null) {
      throw new KafkaError("UNSUPPORTED_VERSION", "Transactions are not supported by this broker.");
    }
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: broker.producerIds.take(),
      producerEpoch: FIRST_EPOCH,
    };
  },
  fail: (_request, { code }) => ({
    throttleTimeMs: 0,
    errorCode: code,
    producerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
  }),
});
