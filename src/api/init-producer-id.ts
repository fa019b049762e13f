/**
 * InitProducerId (22). Gives a producer an id and an epoch for its sequence numbers (KIP-98), and fences the producers
 * before it that have the same transactional id. Versions: 3 lets a producer name the id and epoch it had (KIP-360); 4
 * knows PRODUCER_FENCED (KIP-588); 5 TRANSACTION_ABORTABLE (KIP-890). 6, for two-phase commit (KIP-939), is not stable in
 * Kafka and not served.
 *
 * A producer without a transactional id gets a new id in any case, as in Kafka: it starts its sequences anew.
 */
import { KafkaError } from "../protocol/errors.ts";
import { InitProducerIdRequest, InitProducerIdResponse } from "../protocol/messages/init-producer-id.ts";
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from "../records/batch-header.ts";
import type { ProducerIdAndEpoch } from "../transaction/transaction.ts";
import { api } from "./api.ts";
import { answerWith, answerWithout } from "./producer-answer.ts";

const FIRST_EPOCH = 0;
const FIRST_VERSION_WITH_FENCED = 4;

export const initProducerId = api(InitProducerIdRequest, InitProducerIdResponse, {
  servedTo: 5,
  handle({ transactionalId, transactionTimeoutMs, ...producer }, { broker }) {
    const expected = expectedProducer(producer);
    if (transactionalId === null) {
      return answerWith({ producerId: broker.producerIds.take(), producerEpoch: FIRST_EPOCH });
    }
    const request = { transactionalId, timeoutMs: transactionTimeoutMs, expected };
    const done = broker.transactions.initProducerId(request);
    return done instanceof Promise ? done.then(answerWith) : answerWith(done);
  },
  fail(_request, error, { apiVersion }) {
    return answerWithout(error, apiVersion >= FIRST_VERSION_WITH_FENCED);
  },
});

/** What the producer had, if it says so. Throws INVALID_REQUEST where it says half of it. */
function expectedProducer({ producerId, producerEpoch }: ProducerIdAndEpoch): ProducerIdAndEpoch | undefined {
  const isNew = producerId === NO_PRODUCER_ID;
  if (isNew !== (producerEpoch === NO_PRODUCER_EPOCH)) {
    throw new KafkaError(
      "INVALID_REQUEST",
      "A producer id and a producer epoch are known together or not at all.",
    );
  }
  return isNew ? undefined : { producerId, producerEpoch };
}
