/**
 * Putting an end to transactions.
 */

import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../protocol/messages/init-producer-id.ts";
import {
  WriteTxnMarkersRequest,
  WriteTxnMarkersResponse,
} from "../../../protocol/messages/write-txn-markers.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { ask } from "../admin/ask.ts";
import { byLeader } from "../admin/topics.ts";
import { describeProducers } from "../admin/transactions.ts";

export interface ToAbort {
  readonly topic: string;
  readonly partition: number;
  readonly "start-offset"?: number | undefined;
  readonly "producer-id"?: number | undefined;
  readonly "producer-epoch"?: number | undefined;
  readonly "coordinator-epoch"?: number | undefined;
}

interface OpenTransaction {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

/** Writes the marker that the coordinator would write, had it not forgotten the transaction. */
export async function abortTransaction(client: KafkaClient, wanted: ToAbort): Promise<void> {
  const { topic, partition } = wanted;
  const open = await openTransaction(client, wanted);
  await ask(client, async () => {
    const [leader = -1] = (await byLeader(client, [{ topic, partition }])).keys();
    const marker = {
      ...open,
      coordinatorEpoch: Math.max(0, open.coordinatorEpoch),
      transactionResult: false,
      topics: [{ name: topic, partitionIndexes: [partition] }],
    };
    const { markers } = await client.sendOnce(
      { node: leader },
      WriteTxnMarkersRequest,
      WriteTxnMarkersResponse,
      {
        markers: [marker],
      },
    );
    checkError(markers[0]?.topics[0]?.partitions[0]?.errorCode ?? 0);
  });
}

async function openTransaction(client: KafkaClient, wanted: ToAbort): Promise<OpenTransaction> {
  const { topic, partition, "start-offset": startOffset, "producer-id": producerId } = wanted;
  if (startOffset === undefined) {
    const { "producer-epoch": producerEpoch, "coordinator-epoch": coordinatorEpoch } = wanted;
    if (producerId === undefined) {
      throw new ToolFailure(
        "The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or " +
          "with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)",
      );
    }
    if (producerEpoch === undefined) throw new ToolFailure("Missing required argument --producer-epoch");
    if (coordinatorEpoch === undefined)
      throw new ToolFailure("Missing required argument --coordinator-epoch");
    return { producerId: BigInt(producerId), producerEpoch, coordinatorEpoch };
  }
  const producers = await describeProducers(client, topic, partition);
  const found = producers.find(
    ({ transactionStartOffset }) => transactionStartOffset === BigInt(startOffset),
  );
  if (found !== undefined) {
    const { producerEpoch, coordinatorEpoch } = found;
    return { producerId: found.producerId, producerEpoch, coordinatorEpoch };
  }
  throw new ToolFailure(
    `Could not find any open transactions starting at offset ${startOffset} on partition ${topic}-${partition}`,
  );
}

/** Takes the transactional id over, which aborts what is open and shuts its producer out. */
export async function forceTermination(client: KafkaClient, transactionalId: string): Promise<void> {
  await ask(client, async () => {
    const answer = await client.sendOnce({ transactionalId }, InitProducerIdRequest, InitProducerIdResponse, {
      transactionalId,
      transactionTimeoutMs: client.config.requestTimeoutMs,
    });
    checkError(answer.errorCode);
  });
}
