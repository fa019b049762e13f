/**
 * Fetches as tests write them down.
 */
import type { FetchRequestBody } from "../../../../src/api/fetch/fetch-partition.ts";
import { FetchRequest, FetchResponse } from "../../../../src/protocol/messages/fetch.ts";
import type { Encodable } from "../../../../src/protocol/schema.ts";
import { type Uuid, uuidFromBytes } from "../../../../src/protocol/uuid.ts";
import type { TestBroker } from "../../../support/api-broker.ts";
import type { TestConnection } from "../../../support/dispatch-client.ts";

export const NEWEST = 18;
export const BY_NAME = 12;
export const FIRST_BY_ID = 13;
const both = [FetchRequest, FetchResponse] as const;

type Body = Encodable<typeof FetchRequest>;
type AskedPartition = Partial<FetchRequestBody["topics"][number]["partitions"][number]>;

/** The id of no topic, unless a test makes one. */
export const unknownId = uuidFromBytes(Buffer.alloc(16, 9));
/** What is answered for a partition of which nothing can be told. */
export const nothing = {
  highWatermark: -1n,
  lastStableOffset: -1n,
  logStartOffset: -1n,
  preferredReadReplica: -1,
};

/** Appends batches to a partition, and returns them as they then lie in the log. */
export function append(broker: TestBroker, topic: string, partition: number, ...batches: Buffer[]): Buffer[] {
  const log = broker.log(topic, partition);
  for (const batch of batches) log.append(batch, { leaderEpoch: 0, origin: "client" });
  return batches;
}

/** What differs from a fetch from offset 0 that doesn't wait and has room for everything. */
export interface Asked extends Partial<Omit<Body, "topics">> {
  readonly version?: number;
  readonly connection?: TestConnection;
  /** By name, or by id from version 13 on. */
  readonly topics?: Record<string, readonly AskedPartition[]>;
}

/** Fetches, and returns the whole answer; null when there is none. */
export function fetchFrom(
  broker: TestBroker,
  { version = BY_NAME, topics = {}, connection, ...body }: Asked,
) {
  const asked = Object.entries(topics).map(([topic, partitions]) => ({
    ...(version >= FIRST_BY_ID ? { topicId: topic as Uuid } : { topic }),
    partitions: partitions.map((partition) => ({
      partition: 0,
      fetchOffset: 0n,
      partitionMaxBytes: 1_000_000,
      ...partition,
    })),
  }));
  const request = { maxWaitMs: 0, minBytes: 1, isolationLevel: 0, ...body, topics: asked };
  return broker.ask(both, version, request, connection ? { connection } : {});
}

/** Fetches, and returns the partitions of the answer, all topics together. */
export async function partitionsFrom(broker: TestBroker, asked: Asked) {
  const answer = await fetchFrom(broker, asked);
  return answer?.responses.flatMap(({ partitions }) => partitions) ?? [];
}

/** Fetches one partition of a topic, and returns its answer. */
export async function partitionFrom(
  broker: TestBroker,
  topic: string,
  partition: AskedPartition = {},
  asked: Asked = {},
) {
  const [found] = await partitionsFrom(broker, { ...asked, topics: { [topic]: [partition] } });
  if (found === undefined) throw new Error("the answer has no partition");
  return found;
}
