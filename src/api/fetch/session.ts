/**
 * A fetch session (KIP-227): the partitions that a client fetches again and again, so that a request has to name
 * only what changed, and an answer only what is new.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import { FetchPartition, type FetchRequestBody } from "./fetch-partition.ts";

/** The session id of a client that has no session. */
export const NO_SESSION = 0;
/** The epoch that asks for a new session. */
export const INITIAL_EPOCH = 0;
/** The epoch that ends a session and asks for none. */
export const FINAL_EPOCH = -1;
const MAX_EPOCH = 0x7fffffff;

/** Partitions in the order in which they are read, by their keys. */
export type FetchPartitions = Map<string, FetchPartition>;
type NameOf = (topicId: Uuid) => string | undefined;

export class FetchSession {
  /** The epoch that the next request has to carry. */
  epoch = nextEpoch(INITIAL_EPOCH);
  lastUsedMs: number;

  constructor(
    readonly id: number,
    readonly usesTopicIds: boolean,
    readonly partitions: FetchPartitions,
    readonly createdMs: number,
  ) {
    this.lastUsedMs = createdMs;
  }

  /** Takes over what a request adds, changes and forgets. */
  update(request: FetchRequestBody, nameOf: NameOf): void {
    addRequested(this.partitions, request, this.usesTopicIds, nameOf);
    for (const { topicId, topic, partitions } of request.forgottenTopicsData) {
      for (const index of partitions) {
        this.partitions.delete(partitionKey(this.usesTopicIds ? topicId : topic, index));
      }
    }
  }

  /** Puts a partition last, so that one that always has data doesn't starve the others. */
  moveToEnd(partition: FetchPartition): void {
    if (this.partitions.delete(partition.key)) this.partitions.set(partition.key, partition);
  }
}

/** The epoch after `epoch`: they go round without 0, which asks for a new session. */
export function nextEpoch(epoch: number): number {
  return epoch === MAX_EPOCH ? 1 : epoch + 1;
}

/** The partitions that a request names; one that is named twice counts once, with what was asked last. */
export function requestedPartitions(
  request: FetchRequestBody,
  usesTopicIds: boolean,
  nameOf: NameOf,
): FetchPartitions {
  const partitions: FetchPartitions = new Map();
  addRequested(partitions, request, usesTopicIds, nameOf);
  return partitions;
}

function addRequested(
  partitions: FetchPartitions,
  request: FetchRequestBody,
  usesTopicIds: boolean,
  nameOf: NameOf,
): void {
  for (const topic of request.topics) {
    const topicId = usesTopicIds ? topic.topicId : undefined;
    const name = usesTopicIds ? nameOf(topic.topicId) : topic.topic;
    for (const requested of topic.partitions) {
      const key = partitionKey(topicId ?? topic.topic, requested.partition);
      let partition = partitions.get(key);
      if (partition === undefined) {
        partition = new FetchPartition(key, topicId, name, requested.partition);
        partitions.set(key, partition);
      }
      partition.ask(requested);
    }
  }
}

function partitionKey(topic: string, index: number): string {
  return `${index}:${topic}`;
}
