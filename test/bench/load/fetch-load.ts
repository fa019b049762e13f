/**
 * Fetches a topic's partitions from their starts to where they end, one request after the other.
 */
import { nextOffset, sizeInBytes } from "../../../src/records/batch-header.ts";
import { LoadConnection } from "./connection.ts";
import type { LoadResult } from "./produce-load.ts";
import { type FetchSizes, fetchFrame, readFetched } from "./requests.ts";
import type { BenchTopic } from "./topics.ts";

/** As consumers have it by default. */
export const CONSUMER_SIZES: FetchSizes = {
  minBytes: 1,
  maxBytes: 50 * 1024 * 1024,
  partitionMaxBytes: 1024 * 1024,
};

/** Where a reader goes on: behind the last whole batch. */
function offsetBehind(records: Buffer): number | undefined {
  let next: number | undefined;
  for (let at = 0; at + 12 <= records.length; at += sizeInBytes(records, at)) {
    if (at + sizeInBytes(records, at) > records.length) break;
    next = nextOffset(records, at);
  }
  return next;
}

/** Fetches `bytes` bytes of records; the partitions must have about as many. They are all of the topic's, if not said. */
export async function fetchAll(
  port: number,
  topic: BenchTopic,
  bytes: number,
  partitions: readonly number[] = Array.from({ length: topic.partitions }, (_, index) => index),
): Promise<LoadResult> {
  const connection = await LoadConnection.connect(port);
  const offsets = new Map(partitions.map((partition) => [partition, 0]));
  const latenciesMs: number[] = [];
  let received = 0;
  const started = performance.now();
  let asked = started;
  await new Promise<void>((resolve, reject) => {
    const ask = () => {
      asked = performance.now();
      connection.send(fetchFrame(topic.id, offsets, CONSUMER_SIZES));
    };
    connection.onFailure = reject;
    connection.onAnswer = (answer) => {
      latenciesMs.push(performance.now() - asked);
      const before = received;
      try {
        for (const { partitionIndex, records } of readFetched(answer)) {
          const next = records === null ? undefined : offsetBehind(records);
          if (next === undefined) continue;
          received += records?.length ?? 0;
          // The partition that has just brought something is last in line, as in a consumer.
          offsets.delete(partitionIndex);
          offsets.set(partitionIndex, next);
        }
      } catch (error) {
        reject(error);
      }
      if (received >= bytes || received === before) resolve();
      else ask();
    };
    ask();
  });
  connection.close();
  return { seconds: (performance.now() - started) / 1000, latenciesMs, bytes: received };
}
