import { afterEach, describe, expect, test } from "bun:test";
import { KafkaClient } from "../../../../src/client/client.ts";
import { clientConfig } from "../../../../src/client/config.ts";
import { producerConfig } from "../../../../src/client/producer/config.ts";
import { Producer } from "../../../../src/client/producer/producer.ts";
import { read } from "../../../../src/protocol/codec.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { InitProducerIdResponse } from "../../../../src/protocol/messages/init-producer-id.ts";
import { MetadataResponse } from "../../../../src/protocol/messages/metadata.ts";
import { ProduceRequest, ProduceResponse } from "../../../../src/protocol/messages/produce.ts";
import { Reader } from "../../../../src/protocol/reader.ts";
import { baseSequence, producerId } from "../../../../src/records/batch-header.ts";
import { readRecords } from "../../../../src/records/record.ts";
import { type Asked, answered, ScriptedBroker, versionsAnswer } from "../scripted-broker.ts";

const PRODUCE = 0;
const METADATA = 3;
const API_VERSIONS = 18;
const INIT_PRODUCER_ID = 22;
const served = {
  [PRODUCE]: [3, 9],
  [METADATA]: [0, 9],
  [API_VERSIONS]: [0, 4],
  [INIT_PRODUCER_ID]: [0, 4],
} as const;

/** A batch as the broker got it: id, sequence and values. */
type Got = readonly [producerId: bigint, sequence: number, values: string];

/** A broker with a topic `t` of one partition, which answers batches with these errors, and then with none. */
class Partition {
  readonly got: Got[] = [];
  private nextId = 1;
  readonly broker: ScriptedBroker = new ScriptedBroker((asked) => this.answer(asked));

  /** `null` closes the connection instead of an answer. */
  constructor(private readonly answers: (number | null)[] = []) {}

  private answer({ apiKey, version, frame }: Asked): Buffer | null {
    if (apiKey === API_VERSIONS) return versionsAnswer(version, served);
    if (apiKey === INIT_PRODUCER_ID) {
      return answered(InitProducerIdResponse, version, {
        producerId: BigInt(this.nextId++),
        producerEpoch: 0,
        errorCode: 0,
        throttleTimeMs: 0,
      });
    }
    if (apiKey === METADATA) return this.metadata(version);
    const batch = batchIn(version, frame);
    const values = [...readRecords(batch, 0)].map(({ value }) => String(value)).join();
    this.got.push([producerId(batch, 0), baseSequence(batch, 0), values]);
    const errorCode = this.answers.length > 0 ? (this.answers.shift() ?? null) : 0;
    if (errorCode === null) return null;
    const partitionResponses = [{ index: 0, errorCode, baseOffset: 0, recordErrors: [] }];
    return answered(ProduceResponse, version, {
      responses: [{ name: "t", partitionResponses }],
      throttleTimeMs: 0,
      nodeEndpoints: [],
    });
  }

  private metadata(version: number): Buffer {
    const partition = { errorCode: 0, partitionIndex: 0, leaderId: 1, leaderEpoch: 0 };
    return answered(MetadataResponse, version, {
      brokers: [{ nodeId: 1, host: "127.0.0.1", port: this.broker.port }],
      controllerId: 1,
      topics: [
        {
          ...{ errorCode: 0, name: "t", isInternal: false },
          partitions: [{ ...partition, replicaNodes: [1], isrNodes: [1], offlineReplicas: [] }],
        },
      ],
    });
  }
}

function batchIn(version: number, frame: Buffer): Buffer {
  // Behind key, version, correlation id and the client's id.
  const reader = new Reader(frame, 10 + frame.readInt16BE(8));
  if (version >= 9) reader.taggedFields(() => false, false);
  const { topicData } = read(ProduceRequest, version, reader);
  const records = topicData[0]?.partitionData[0]?.records;
  if (!(records instanceof Uint8Array)) throw new Error("a produce request without records");
  return Buffer.from(records);
}

const opened: { close?: () => unknown; stop?: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) (one.close ?? one.stop)?.call(one);
});

/** Sends values, each in a batch of its own, and resolves to what was said of each. */
async function send(
  partition: Partition,
  values: readonly string[],
  properties: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const all = new Map(Object.entries({ "retry.backoff.ms": "1", "batch.size": "1", ...properties }));
  const client = new KafkaClient(partition.broker.address, clientConfig(all));
  opened.push(client, partition.broker);
  const producer = new Producer(client, producerConfig(all));
  const said: string[] = [];
  for (const value of values) {
    const record = { topic: "t", key: null, value: Buffer.from(value) };
    await producer.send(record, (error) => said.push(`${value}: ${error?.message ?? "sent"}`));
  }
  await producer.close();
  return said;
}

describe("a producer", () => {
  test("numbers what it sends", async () => {
    const partition = new Partition();
    expect(await send(partition, ["a", "b", "c"])).toEqual(["a: sent", "b: sent", "c: sent"]);
    expect(partition.got).toEqual([
      [1n, 0, "a"],
      [1n, 1, "b"],
      [1n, 2, "c"],
    ]);
  });

  test("numbers nothing where it isn't idempotent", async () => {
    const partition = new Partition();
    await send(partition, ["a"], { acks: "1" });
    expect(partition.got).toEqual([[-1n, -1, "a"]]);
  });

  test("sends again what has failed, in its order and with its number", async () => {
    const partition = new Partition([ErrorCode.NOT_LEADER_OR_FOLLOWER]);
    expect(await send(partition, ["a", "b"], { "max.in.flight.requests.per.connection": "1" })).toEqual([
      "a: sent",
      "b: sent",
    ]);
    expect(partition.got).toEqual([
      [1n, 0, "a"],
      [1n, 0, "a"],
      [1n, 1, "b"],
    ]);
  });

  test("keeps the order of several batches that failed together", async () => {
    const { NOT_LEADER_OR_FOLLOWER, OUT_OF_ORDER_SEQUENCE_NUMBER } = ErrorCode;
    const partition = new Partition([NOT_LEADER_OR_FOLLOWER, OUT_OF_ORDER_SEQUENCE_NUMBER]);
    expect(await send(partition, ["a", "b"])).toEqual(["a: sent", "b: sent"]);
    expect(partition.got.slice(2)).toEqual([
      [1n, 0, "a"],
      [1n, 1, "b"],
    ]);
  });

  test("sends again over a new connection what had no answer, with the same number", async () => {
    const partition = new Partition([null]);
    expect(await send(partition, ["a"])).toEqual(["a: sent"]);
    expect(partition.got).toEqual([
      [1n, 0, "a"],
      [1n, 0, "a"],
    ]);
  });

  test("takes a record for sent that the broker has already", async () => {
    expect(await send(new Partition([ErrorCode.DUPLICATE_SEQUENCE_NUMBER]), ["a"])).toEqual(["a: sent"]);
  });

  test("begins anew with another id where the broker doesn't know it any more", async () => {
    const partition = new Partition([0, ErrorCode.UNKNOWN_PRODUCER_ID]);
    const one = { "max.in.flight.requests.per.connection": "1" };
    expect(await send(partition, ["a", "b"], one)).toEqual(["a: sent", "b: sent"]);
    expect(partition.got).toEqual([
      [1n, 0, "a"],
      [1n, 1, "b"],
      [2n, 0, "b"],
    ]);
  });

  test("tells of a record that can't be sent, and sends the others", async () => {
    const partition = new Partition([ErrorCode.MESSAGE_TOO_LARGE]);
    const one = { "max.in.flight.requests.per.connection": "1" };
    expect(await send(partition, ["a", "b"], { ...one, acks: "1" })).toEqual([
      "a: The records are larger than the topic allows.",
      "b: sent",
    ]);
  });

  test("gives a record up after as many tries as it has", async () => {
    const partition = new Partition([ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.REQUEST_TIMED_OUT]);
    expect(await send(partition, ["a"], { retries: "1" })).toEqual([
      "a: The broker could not do it in the time it was given.",
    ]);
    expect(partition.got).toHaveLength(2);
  });

  test("gives a record up that doesn't find its way in time", async () => {
    const never = Array.from({ length: 1000 }, () => ErrorCode.NOT_LEADER_OR_FOLLOWER);
    const [said] = await send(new Partition(never), ["a"], { "delivery.timeout.ms": "50" });
    expect(said).toMatch(/^a: (Expiring 1 record\(s\) for t-0|For requests intended only for the leader)/);
  });

  test("gathers records in a batch until it is full or flushed", async () => {
    const partition = new Partition();
    await send(partition, ["a", "b", "c"], { "batch.size": "1000", "linger.ms": "60000" });
    expect(partition.got).toEqual([[1n, 0, "a,b,c"]]);
  });

  test("takes no more than it has memory for, until some of it is sent", async () => {
    const partition = new Partition();
    const values = Array.from({ length: 50 }, (_, index) => String(index));
    expect(await send(partition, values, { "buffer.memory": "40", "linger.ms": "0" })).toHaveLength(50);
  });

  test("refuses a record that is larger than a request may be", async () => {
    expect(await send(new Partition(), ["x".repeat(100)], { "max.request.size": "100" })).toEqual([
      expect.stringContaining("which is the value of the max.request.size configuration."),
    ]);
  });
});
