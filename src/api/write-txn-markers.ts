/**
 * WriteTxnMarkers (27). Ends transactions in partitions: what coordinators ask of other brokers, and administrators to
 * abort a transaction that its coordinator has forgotten (KIP-664). Versions: 2 says which `transaction.version` the
 * transaction was run with (KIP-890).
 */
import { ErrorCode, type ErrorName, KafkaError } from "../protocol/errors.ts";
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from "../protocol/messages/write-txn-markers.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { PartitionMarkers } from "./transaction-markers.ts";
import { asKafkaError } from "./unexpected.ts";

type Marker = Decoded<typeof WriteTxnMarkersRequest>["markers"][number];
type Response = Encodable<typeof WriteTxnMarkersResponse>;

/** One marker in one partition, and what has become of it. */
interface Written {
  readonly producerId: bigint;
  readonly topic: string;
  readonly partition: number;
  errorCode: number;
}

export const writeTxnMarkers = api(WriteTxnMarkersRequest, WriteTxnMarkersResponse, {
  handle({ markers }, context) {
    const logs = new PartitionMarkers(context.broker);
    for (const marker of markers) checkProducer(marker);
    const flushes: Promise<void>[] = [];
    const written = markers.flatMap((marker) => partitionsOf(marker).map((one) => write(marker, one)));
    return flushes.length === 0 ? answer(written) : Promise.all(flushes).then(() => answer(written));

    function write(marker: Marker, one: Written): Written {
      const failed = (error: unknown) => {
        one.errorCode = codeOf(error, one, context);
      };
      try {
        const flushed = logs.write(one.topic, one.partition, endOf(marker));
        if (flushed !== undefined) flushes.push(flushed.catch(failed));
      } catch (error) {
        failed(error);
      }
      return one;
    }
  },
  fail: ({ markers }, { code }) =>
    answer(markers.flatMap(partitionsOf).map((one) => ({ ...one, errorCode: code }))),
});

/** Throws, for the request as a whole and as Kafka does, where there is no producer to end a transaction of. */
function checkProducer({ producerId, producerEpoch }: Marker): void {
  if (producerId >= 0n && producerEpoch >= 0) return;
  throw new KafkaError("UNKNOWN_SERVER_ERROR", "A marker needs a producer's id and epoch.");
}

function partitionsOf({ producerId, topics }: Marker): Written[] {
  return topics.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((partition) => ({ producerId, topic: name, partition, errorCode: ErrorCode.NONE })),
  );
}

function endOf({
  producerId,
  producerEpoch,
  coordinatorEpoch,
  transactionResult,
  transactionVersion,
}: Marker) {
  const result = transactionResult ? ("commit" as const) : ("abort" as const);
  return { producerId, producerEpoch, coordinatorEpoch, result, transactionVersion };
}

/** What a group coordinator says that isn't there; who writes markers only knows of leaders. */
const coordinatorErrors: ReadonlySet<ErrorName> = new Set([
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "NOT_COORDINATOR",
]);

function codeOf(thrown: unknown, { topic, partition }: Written, context: RequestContext): number {
  const { errorName, code } = asKafkaError(thrown, `WriteTxnMarkers to ${topic}-${partition}`, context);
  return coordinatorErrors.has(errorName) ? ErrorCode.NOT_LEADER_OR_FOLLOWER : code;
}

/** Every producer once, and every topic of it. */
function answer(written: readonly Written[]): Response {
  const producers = new Map<bigint, Map<string, { partitionIndex: number; errorCode: number }[]>>();
  for (const { producerId, topic, partition, errorCode } of written) {
    const topics = producers.get(producerId) ?? new Map();
    producers.set(producerId, topics);
    topics.set(topic, [...(topics.get(topic) ?? []), { partitionIndex: partition, errorCode }]);
  }
  return {
    markers: [...producers].map(([producerId, topics]) => ({
      producerId,
      topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
    })),
  };
}
