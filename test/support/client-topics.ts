/**
 * Topics and their records, made and read through a raw client.
 */
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { batchOf } from "./batches.ts";
import { readPartition } from "./partition-digest.ts";
import type { RawClient } from "./raw-client.ts";

/** Makes a topic, with configs of its own. */
export async function createTopic(
  client: RawClient,
  name: string,
  numPartitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  const listed = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
  const { topics } = await client.request(CreateTopicsRequest, CreateTopicsResponse, 5, {
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: listed }],
    timeoutMs: 5000,
    validateOnly: false,
  });
  if (topics[0]?.errorCode !== 0) throw new Error(`${name} could not be created: ${topics[0]?.errorMessage}`);
}

/** Appends values, a record each, in one batch. */
export async function writeValues(
  client: RawClient,
  topic: string,
  partition: number,
  values: readonly string[],
): Promise<void> {
  const records = batchOf(values, { timestamp: Date.now() });
  const { responses } = await client.request(ProduceRequest, ProduceResponse, 9, {
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
  });
  const answer = responses[0]?.partitionResponses[0];
  if (answer?.errorCode !== 0) throw new Error(`${topic} could not be written to: ${answer?.errorMessage}`);
}

/** The values that a consumer of committed records finds, partition by partition. */
export async function committedValues(
  client: RawClient,
  topic: string,
  partitions: number,
): Promise<string[]> {
  const values: string[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const take = ({ value }: { value: Uint8Array | null }) =>
      void values.push(Buffer.from(value ?? []).toString());
    await readPartition(client, topic, partition, take, "read_committed");
  }
  return values;
}
