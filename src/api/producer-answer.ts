/**
 * The answers to InitProducerId and EndTxn: the id and the epoch that a producer goes on with, or why it has none.
 */
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from "../records/batch-header.ts";
import type { ProducerIdAndEpoch } from "../transaction/transaction.ts";
import { forClientsBeforeFencing } from "./transaction-errors.ts";

/** What the producer goes on with. */
export function answerWith({ producerId, producerEpoch }: ProducerIdAndEpoch) {
  return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId, producerEpoch };
}

/**
 * That the producer gets nothing to go on with.
 *
 * @param knowsFenced whether the client knows PRODUCER_FENCED (KIP-588)
 */
export function answerWithout(error: KafkaError, knowsFenced: boolean) {
  const { code } = knowsFenced ? error : forClientsBeforeFencing(error);
  return {
    throttleTimeMs: 0,
    errorCode: code,
    producerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
  };
}
