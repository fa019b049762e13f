/**
 * Who an idempotent producer is to the brokers: an id that they give out, with an epoch.
 */
import { InitProducerIdRequest, InitProducerIdResponse } from "../../protocol/messages/init-producer-id.ts";
import { checkError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import type { ProducerConfig } from "./config.ts";

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * Asks for an id. For a transactional id this ends what an earlier producer with it has left open, and shuts that
 * producer out. Rejects as `KafkaClient.send` does, and with a KafkaError.
 */
export function askForIdentity(
  client: KafkaClient,
  { transactionalId, transactionTimeoutMs }: ProducerConfig,
): Promise<ProducerIdentity> {
  return client.retry(async () => {
    const answer = await client.sendOnce(
      transactionalId === null ? "any" : { transactionalId },
      InitProducerIdRequest,
      InitProducerIdResponse,
      { transactionalId, transactionTimeoutMs },
    );
    checkError(answer.errorCode);
    return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
  });
}
