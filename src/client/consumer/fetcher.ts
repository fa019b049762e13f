/**
 * Fetches from the leaders of the assigned partitions, one request at a time to each broker, and a little ahead of who
 * consumes: while an answer is being worked on, the next one is on its way.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import { FetchRequest, FetchResponse } from "../../protocol/messages/fetch.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { ZERO_UUID } from "../../protocol/uuid.ts";
import { serverError } from "../check-error.ts";
import type { KafkaClient } from "../client.ts";
import { UnsupportedVersionError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import { byTopic } from "../topics.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { ConsumerConfig } from "./config.ts";
import { Fetched, offsetBehind } from "./fetched.ts";

/** Answers of a partition that may wait to be consumed. */
const AHEAD = 2;
/** Not to use a session: each request names all of its partitions. */
const SESSIONLESS_EPOCH = -1;
const LANE = "fetch";

type PartitionAnswer = Decoded<typeof FetchResponse>["responses"][number]["partitions"][number];

/** What the fetcher needs of the consumer it works for. */
interface FetcherOwner {
  /** The broker that leads a partition, −1 if none is known. */
  leaderOf(partition: AssignedPartition): number;
  /** Leaders have changed. */
  leadersAreStale(): void;
  /** There are no records at a partition's position any more, or not yet. */
  isOutOfRange(partition: AssignedPartition): void;
  hasFetched(): void;
  failed(error: Error): void;
}

export class Fetcher {
  private readonly queue: Fetched[] = [];
  private readonly busy = new Set<number>();
  private partitions: readonly AssignedPartition[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isClosed = false;

  constructor(
    private readonly client: KafkaClient,
    private readonly config: ConsumerConfig,
    private readonly owner: FetcherOwner,
  ) {}

  /** Fetches these from now on, and forgets what it has of others. */
  assign(partitions: readonly AssignedPartition[]): void {
    this.partitions = partitions;
    const kept = this.queue.filter(({ partition }) => partitions.includes(partition));
    this.queue.splice(0, this.queue.length, ...kept);
    this.pump();
  }

  /** The next records that have come. */
  take(): Fetched | undefined {
    const fetched = this.queue.shift();
    if (fetched !== undefined) {
      fetched.partition.buffered--;
      this.pump();
    }
    return fetched;
  }

  close(): void {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Sends a request to every broker that has none, if there is something to fetch from it. */
  pump(): void {
    if (this.isClosed) return;
    const nowMs = performance.now();
    const byNode = new Map<number, AssignedPartition[]>();
    for (const partition of this.partitions) {
      if (partition.position === null || partition.buffered >= AHEAD || partition.notBeforeMs > nowMs)
        continue;
      const leader = this.owner.leaderOf(partition);
      if (leader < 0) this.holdBack(partition);
      else byNode.set(leader, [...(byNode.get(leader) ?? []), partition]);
    }
    for (const [node, partitions] of byNode) {
      if (!this.busy.has(node)) this.fetch(node, partitions);
    }
  }

  private async fetch(node: number, partitions: readonly AssignedPartition[]): Promise<void> {
    this.busy.add(node);
    const asked = new Map(partitions.map((partition) => [partition, partition.position ?? 0]));
    try {
      const answer = await this.client.sendOnce({ node }, FetchRequest, FetchResponse, this.body(asked), {
        lane: LANE,
        timeoutMs: this.config.requestTimeoutMs + this.config.fetchMaxWaitMs,
      });
      const error = serverError(answer.errorCode);
      if (error !== null) throw error;
      this.accept(answer, asked);
    } catch (error) {
      this.troubled(error, partitions);
    } finally {
      this.busy.delete(node);
      this.pump();
    }
  }

  private body(asked: ReadonlyMap<AssignedPartition, number>) {
    const { fetchMaxWaitMs, fetchMinBytes, fetchMaxBytes, readsCommitted, rackId } = this.config;
    return {
      maxWaitMs: fetchMaxWaitMs,
      minBytes: fetchMinBytes,
      maxBytes: fetchMaxBytes,
      isolationLevel: readsCommitted ? 1 : 0,
      sessionId: 0,
      sessionEpoch: SESSIONLESS_EPOCH,
      topics: byTopic([...asked].map(([one, fetchOffset]) => ({ ...one, fetchOffset }))).map(
        ([topic, ofTopic]) => ({
          topic,
          topicId: ofTopic[0]?.topicId ?? ZERO_UUID,
          partitions: ofTopic.map(({ partition, fetchOffset }) => ({
            partition,
            fetchOffset,
            partitionMaxBytes: this.config.maxPartitionFetchBytes,
          })),
        }),
      ),
      forgottenTopicsData: [],
      rackId,
    };
  }

  private accept(answer: Decoded<typeof FetchResponse>, asked: ReadonlyMap<AssignedPartition, number>): void {
    let hasRecords = false;
    for (const { topic, topicId, partitions } of answer.responses) {
      for (const found of partitions) {
        const entry = [...asked].find(
          ([partition]) =>
            partition.partition === found.partitionIndex &&
            (partition.topic === topic || (topic === "" && partition.topicId === topicId)),
        );
        if (entry === undefined) continue;
        const [partition, from] = entry;
        // It may have been taken away, or sent elsewhere, since it was asked for.
        if (!this.partitions.includes(partition) || partition.position !== from) continue;
        if (this.acceptPartition(partition, from, found)) hasRecords = true;
      }
    }
    if (hasRecords) this.owner.hasFetched();
  }

  private acceptPartition(partition: AssignedPartition, from: number, found: PartitionAnswer): boolean {
    if (found.errorCode === ErrorCode.OFFSET_OUT_OF_RANGE) {
      partition.position = null;
      this.owner.isOutOfRange(partition);
      return false;
    }
    const error = serverError(found.errorCode);
    if (error !== null) {
      this.troubled(error, [partition]);
      return false;
    }
    // A view of the frame, which is nobody else's.
    const batches =
      found.records instanceof Uint8Array
        ? Buffer.from(found.records.buffer, found.records.byteOffset, found.records.byteLength)
        : Buffer.alloc(0);
    const next = offsetBehind(batches);
    if (next === null) return false;
    const aborted = this.config.readsCommitted ? (found.abortedTransactions ?? []) : [];
    this.queue.push(new Fetched(partition, batches, aborted, from, this.config.checksCrcs));
    partition.position = Math.max(from, next);
    partition.buffered++;
    return true;
  }

  /** What may pass is tried again after a while, when leaders have been looked for anew. */
  private troubled(error: unknown, partitions: readonly AssignedPartition[]): void {
    if (this.isClosed) return;
    if (!isRetriable(error) || error instanceof UnsupportedVersionError) {
      this.owner.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.client.forget();
    for (const partition of partitions) this.holdBack(partition);
  }

  private holdBack(partition: AssignedPartition): void {
    const { retryBackoffMs } = this.client.config;
    partition.notBeforeMs = performance.now() + retryBackoffMs;
    this.owner.leadersAreStale();
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.pump();
    }, retryBackoffMs + 1);
  }
}
