/**
 * Requests about the cluster, its topics and their configs, answered as Apache Kafka 4.4.0 answered them when they
 * were recorded (test/support/record-kafka-answers.ts). The cluster was formatted without eligible leader replicas
 * where configs are asked about, since these set min.insync.replicas.
 */
import { expect, test } from "bun:test";
import type { Encodable } from "../../../src/protocol/schema.ts";
import {
  comparable,
  definitionsOf,
  type Json,
  Placeholders,
  type RecordedStep,
  recordedSteps,
} from "../../support/kafka-answers.ts";
import { MetadataBroker } from "../../support/metadata-broker.ts";

/** What the recorded broker's properties said, as far as answers show it. */
const asRecorded = ["num.partitions=1", "offsets.topic.replication.factor=1"];

interface Exception {
  readonly why: string;
  /** What our answer contains. */
  readonly ours: object;
}

const stumbles = "Kafka stumbles and answers UNKNOWN_SERVER_ERROR";
const noLoggers = "loggers have no levels of their own";
const twice = { errorCode: 42, errorMessage: "Each resource must appear at most once." };
const unexpectedType = (type: number, resourceType = type) => ({
  errorCode: 42,
  resourceType,
  errorMessage: `Unexpected resource type ${type} for resource r`,
});

/** By recording and step: where the answer is another one on purpose. */
const exceptions: Record<string, Record<string, Exception>> = {
  metadata: {
    "neither id nor name": { why: stumbles, ours: { topics: [{ errorCode: 42, name: "" }] } },
    "neither id nor name in version 13": {
      why: stumbles,
      ours: { errorCode: 42, topics: [{ errorCode: 42, name: "" }] },
    },
  },
  "describe-configs": {
    "a broker's root logger": { why: noLoggers, ours: { results: [{ errorCode: 42, configs: [] }] } },
    "a resource type that nobody knows": {
      why: "we say which type",
      ours: { results: [unexpectedType(3, 2), unexpectedType(3)] },
    },
    "resource type zero": { why: "we say which type", ours: { results: [unexpectedType(0)] } },
  },
  "alter-configs": {
    "the same resource twice": { why: "Kafka never answers", ours: { responses: [twice, twice] } },
  },
  "incremental-alter-configs": {
    "operation that nobody knows": {
      why: stumbles,
      ours: { responses: [{ errorCode: 42, errorMessage: "Unknown operations type 4" }] },
    },
  },
  "list-config-resources": {
    "when nothing is configured": {
      why: noLoggers,
      ours: { errorCode: 0, configResources: [{ resourceName: "1", resourceType: 4 }] },
    },
    "all types": {
      why: noLoggers,
      ours: {
        configResources: [
          { resourceType: 16, resourceName: "m" },
          { resourceType: 2, resourceName: "a" },
          { resourceType: 2, resourceName: "b" },
          { resourceType: 32, resourceName: "g" },
          { resourceType: 4, resourceName: "1" },
        ],
      },
    },
    "loggers and client metrics": {
      why: noLoggers,
      ours: { configResources: [{ resourceName: "m", resourceType: 16 }] },
    },
  },
};

async function answerTo(
  step: RecordedStep,
  broker: MetadataBroker,
  placeholders: Placeholders,
): Promise<Json> {
  const { request, response } = definitionsOf(step.api);
  const body = placeholders.toValues(step.request) as Encodable<typeof request>;
  const answer: Json = JSON.parse(JSON.stringify(await broker.ask([request, response], step.version, body)));
  placeholders.learn(answer);
  return placeholders.toNames(answer);
}

test.each([
  "metadata",
  "describe-topic-partitions",
  "create-topics",
  "delete-topics",
  "create-partitions",
  "describe-cluster",
  "describe-configs",
  "alter-configs",
  "incremental-alter-configs",
  "list-config-resources",
  "administration",
])("The requests of %s.json are answered as Kafka answers them", async (name) => {
  const broker = await MetadataBroker.start(asRecorded);
  const placeholders = new Placeholders();
  for (const recorded of recordedSteps(name)) {
    const { step } = recorded;
    const answer = comparable(recorded, await answerTo(recorded, broker, placeholders));
    const kafkas = comparable(recorded, recorded.response ?? null);
    const exception = exceptions[name]?.[step];
    if (exception === undefined) {
      expect({ step, answer }).toEqual({ step, answer: kafkas });
    } else {
      expect({ step, answer }).toMatchObject({ step, answer: exception.ours });
      expect({ step, answer }).not.toEqual({ step, answer: kafkas });
    }
  }
  broker.close();
});
