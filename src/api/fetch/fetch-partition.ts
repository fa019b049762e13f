/**
 * One partition of a fetch: what the client asks of it and, within a fetch session, what it was last told.
 */
import type { PartitionLog } from "../../log/partition-log.ts";
import type { FetchRequest, FetchResponse } from "../../protocol/messages/fetch.ts";
import type { RecordsSource } from "../../protocol/records-source.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";

export type FetchRequestBody = Decoded<typeof FetchRequest>;
export type FetchResponseBody = Encodable<typeof FetchResponse>;
export type ResponseTopic = FetchResponseBody["responses"][number];
export type ResponsePartition = ResponseTopic["partitions"][number];
type RequestedPartition = FetchRequestBody["topics"][number]["partitions"][number];

/** What stands for an epoch, an offset or a high watermark that nobody knows. */
export const UNKNOWN = -1;

/** From this version on topics are asked for by id (KIP-516). */
export const FIRST_VERSION_WITH_TOPIC_IDS = 13;

/** The records of an answer that brings none: Kafka sends an empty sequence, not null. */
export const NO_RECORDS = new Uint8Array(0);

/** What a partition answers. */
export interface PartitionAnswer {
  readonly target: FetchPartition;
  readonly response: ResponsePartition;
  /** The log that was read; undefined when there was an error. */
  readonly log: PartitionLog | undefined;
}

export class FetchPartition {
  fetchOffset = UNKNOWN;
  maxBytes = 0;
  currentLeaderEpoch = UNKNOWN;
  lastFetchedEpoch = UNKNOWN;
  private toldHighWatermark = UNKNOWN;
  private toldLogStartOffset = UNKNOWN;

  /**
   * @param key what tells it from the other partitions of its request or session
   * @param topicId undefined when the topic is asked for by its name
   * @param topicName undefined as long as the id is one that nobody knows
   */
  constructor(
    readonly key: string,
    readonly topicId: Uuid | undefined,
    public topicName: string | undefined,
    readonly index: number,
  ) {}

  /** Takes over what the client asks for now. An offset beyond 2^53 is rounded: it is out of range either way. */
  ask(requested: RequestedPartition): void {
    this.fetchOffset = Number(requested.fetchOffset);
    this.maxBytes = Math.max(0, requested.partitionMaxBytes);
    this.currentLeaderEpoch = Math.max(UNKNOWN, requested.currentLeaderEpoch);
    this.lastFetchedEpoch = Math.max(UNKNOWN, requested.lastFetchedEpoch);
  }

  /** Remembers what the client is told. An error says -1 for both: when it is gone, the partition is news again. */
  remember(response: ResponsePartition): void {
    this.toldHighWatermark = Number(response.highWatermark);
    this.toldLogStartOffset = Number(response.logStartOffset);
  }

  /** Whether an answer holds anything that the client hasn't been told (KIP-227). */
  isNews(response: ResponsePartition): boolean {
    return (
      recordsSize(response) > 0 ||
      response.errorCode !== 0 ||
      response.divergingEpoch !== undefined ||
      Number(response.highWatermark) !== this.toldHighWatermark ||
      Number(response.logStartOffset) !== this.toldLogStartOffset
    );
  }
}

/** How many bytes of records an answer brings. */
export function recordsSize({ records }: ResponsePartition): number {
  if (records === null || records === undefined) return 0;
  return isSource(records) ? records.sizeInBytes : records.length;
}

function isSource(records: Uint8Array | RecordsSource): records is RecordsSource {
  return !(records instanceof Uint8Array);
}
