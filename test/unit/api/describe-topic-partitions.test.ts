/**
 * What Kafka answers is in kafka-answers.test.ts; this is what a cluster of one node doesn't show there.
 */
import { expect, test } from "bun:test";
import { describeTopicPartitions } from "../../../src/api/describe-topic-partitions.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../src/protocol/messages/describe-topic-partitions.ts";
import { TestBroker } from "../../support/api-broker.ts";

const both = [DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse] as const;
const all = { topics: [], responsePartitionLimit: 2000, cursor: null };

test("No page holds more than max.request.partition.size.limit, whatever the client asks for", async () => {
  const broker = new TestBroker([describeTopicPartitions], "max.request.partition.size.limit=3");
  broker.createTopic("wide", { partitions: 7 });
  const answer = await broker.ask(both, 0, all);
  expect(answer?.topics[0]?.partitions).toHaveLength(3);
  expect(answer?.nextCursor).toEqual({ topicName: "wide", partitionIndex: 3 });
});

test("From cursor to cursor, every partition comes once, in order", async () => {
  const broker = new TestBroker([describeTopicPartitions]);
  const counts = { a: 3, "a-b": 1, b: 4, c: 2 };
  for (const [name, partitions] of Object.entries(counts)) broker.createTopic(name, { partitions });
  const seen: string[] = [];
  let cursor: { topicName: string; partitionIndex: number } | null = null;
  do {
    const page: Awaited<ReturnType<typeof ask>> = await ask(cursor);
    for (const { name, partitions } of page?.topics ?? []) {
      seen.push(...partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`));
    }
    cursor = page?.nextCursor ?? null;
  } while (cursor !== null);
  expect(seen).toEqual(
    Object.entries(counts).flatMap(([name, n]) => [...Array(n).keys()].map((i) => `${name}-${i}`)),
  );

  function ask(from: typeof cursor) {
    return broker.ask(both, 0, { ...all, responsePartitionLimit: 2, cursor: from });
  }
});

test("A partition led elsewhere has no error, no leader, and what it knows of eligible leaders", async () => {
  const broker = new TestBroker([describeTopicPartitions]);
  const partition = { replicas: [2, 1], isr: [2], leader: 2, eligibleLeaderReplicas: [1], lastKnownElr: [2] };
  broker.createTopic("t", { partition });
  const answer = await broker.ask(both, 0, all);
  expect(answer?.topics[0]?.partitions).toEqual([
    {
      errorCode: ErrorCode.NONE,
      partitionIndex: 0,
      leaderId: -1,
      leaderEpoch: 0,
      replicaNodes: [2, 1],
      isrNodes: [2],
      eligibleLeaderReplicas: [1],
      lastKnownElr: [2],
      offlineReplicas: [2],
    },
  ]);
});
