import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../src/protocol/messages/describe-configs.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../src/protocol/messages/list-offsets.ts";
import { MetadataRequest, MetadataResponse } from "../../src/protocol/messages/metadata.ts";
import expected from "../fixtures/logdirs/kafka-4.3.1.expected.json" with { type: "json" };
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { unpackGoldenDirectory } from "../support/golden-directory.ts";
import { digestPartition } from "../support/partition-digest.ts";
import { RawClient } from "../support/raw-client.ts";

const TOPIC_RESOURCE = 2;
const DYNAMIC_TOPIC_CONFIG = 1;

interface ExpectedTopic {
  readonly id: string;
  readonly configs: Record<string, string>;
  readonly read_uncommitted: readonly unknown[];
  readonly read_committed: readonly unknown[];
}
const isolations = ["read_uncommitted", "read_committed"] as const;
const topics: [string, ExpectedTopic][] = Object.entries(expected.topics);

let broker: BrokerProcess;
let client: RawClient;

beforeAll(async () => {
  broker = await startBroker({ logDirectory: unpackGoldenDirectory() });
  client = await RawClient.connect(broker.port);
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

describe("a log directory of Apache Kafka 4.3.1", () => {
  test("has its topics under their ids, each partition with a leader", async () => {
    const { topics: found } = await client.request(MetadataRequest, MetadataResponse, 12, { topics: null });
    const listed = found.filter(({ isInternal }) => !isInternal);
    expect(listed.map(({ name }) => name).sort()).toEqual(topics.map(([name]) => name).sort());
    for (const { name, topicId, errorCode, partitions } of listed) {
      const wanted = topics.find(([topic]) => topic === name)?.[1];
      expect(topicId as string).toBe(wanted?.id ?? "");
      expect(errorCode).toBe(0);
      expect(partitions).toHaveLength(wanted?.read_uncommitted.length ?? 0);
      expect(partitions.map(({ leaderId }) => leaderId)).toEqual(partitions.map(() => 1));
    }
  });

  test("has its topics' configs", async () => {
    const { results } = await client.request(DescribeConfigsRequest, DescribeConfigsResponse, 4, {
      resources: topics.map(([resourceName]) => ({
        resourceType: TOPIC_RESOURCE,
        resourceName,
        configurationKeys: null,
      })),
      includeSynonyms: false,
      includeDocumentation: false,
    });
    for (const { resourceName, configs } of results) {
      const set = configs.filter(({ configSource }) => configSource === DYNAMIC_TOPIC_CONFIG);
      const wanted = topics.find(([name]) => name === resourceName)?.[1].configs;
      expect(Object.fromEntries(set.map(({ name, value }) => [name, value]))).toEqual(wanted ?? {});
    }
  });

  for (const [topic, expectedTopic] of topics) {
    for (const isolation of isolations) {
      test(`gives every record of ${topic} as it was written, ${isolation}`, async () => {
        for (const [partition, wanted] of expectedTopic[isolation].entries()) {
          expect<unknown>(await digestPartition(client, topic, partition, isolation)).toEqual(wanted);
        }
      });
    }
  }

  test("finds offsets by timestamp", async () => {
    for (const [name, offset] of Object.entries(expected.offsetsForTime1700000100000)) {
      const answer = await client.request(ListOffsetsRequest, ListOffsetsResponse, 7, {
        replicaId: -1,
        topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: 1700000100000 }] }],
      });
      expect(answer.topics[0]?.partitions[0]?.offset).toBe(BigInt(offset));
    }
  });

  test("opens again after a clean stop and after a kill, with the same records", async () => {
    const logDirectory = unpackGoldenDirectory();
    for (const end of ["stop", "kill"] as const) {
      const other = await startBroker({ logDirectory });
      const otherClient = await RawClient.connect(other.port);
      for (const [topic, expectedTopic] of topics) {
        for (const isolation of isolations) {
          const found = await digestPartition(otherClient, topic, 0, isolation);
          expect<unknown>(found).toEqual(expectedTopic[isolation][0]);
        }
      }
      await other[end]();
    }
  }, 30_000);
});
