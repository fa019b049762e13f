/**
 * Describing and altering configs. What Kafka answers to each request is in kafka-answers.test.ts; this is what comes
 * of it, in all versions, and when it goes wrong.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { alterConfigs } from "../../../src/api/alter-configs.ts";
import { describeConfigs } from "../../../src/api/describe-configs.ts";
import { incrementalAlterConfigs } from "../../../src/api/incremental-alter-configs.ts";
import { topicConfig } from "../../../src/api/topic-config.ts";
import { ConfigOperation, ConfigResourceType } from "../../../src/config/alter.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { AlterConfigsRequest, AlterConfigsResponse } from "../../../src/protocol/messages/alter-configs.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../src/protocol/messages/create-topics.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../src/protocol/messages/describe-configs.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../src/protocol/messages/incremental-alter-configs.ts";
import { MetadataBroker } from "../../support/metadata-broker.ts";

const description = [DescribeConfigsRequest, DescribeConfigsResponse] as const;
const replacement = [AlterConfigsRequest, AlterConfigsResponse] as const;
const alteration = [IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse] as const;
const creation = [CreateTopicsRequest, CreateTopicsResponse] as const;
const { TOPIC, BROKER, BROKER_LOGGER, GROUP } = ConfigResourceType;

let broker: MetadataBroker;

beforeEach(async () => {
  broker = await MetadataBroker.start();
  const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await broker.ask(creation, 7, { topics: [topic], timeoutMs: 5000, validateOnly: false });
});
afterEach(() => broker.close());

interface Change {
  readonly version?: number;
  readonly validateOnly?: boolean;
}

async function set(type: number, name: string, configs: Record<string, string>, change: Change = {}) {
  const { version = 1, validateOnly = false } = change;
  const operations = Object.entries(configs).map(([key, value]) => ({
    name: key,
    configOperation: ConfigOperation.SET,
    value,
  }));
  const resources = [{ resourceType: type, resourceName: name, configs: operations }];
  return (await broker.ask(alteration, version, { resources, validateOnly })).responses[0];
}

async function replace(type: number, name: string, configs: Record<string, string>, change: Change = {}) {
  const { version = 2, validateOnly = false } = change;
  const all = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
  const resources = [{ resourceType: type, resourceName: name, configs: all }];
  return (await broker.ask(replacement, version, { resources, validateOnly })).responses[0];
}

async function describeOne(type: number, name: string, keys: string[] | null, version = 4) {
  const resources = [{ resourceType: type, resourceName: name, configurationKeys: keys }];
  const asked = { resources, includeSynonyms: false, includeDocumentation: version >= 3 };
  return (await broker.ask(description, version, asked)).results[0];
}

const own = (type: number, name: string) => Object.fromEntries(broker.metadata.image.configs(type, name));

describe("Altering a topic's configs", () => {
  test("takes effect at once, in every version, and lasts", async () => {
    for (const version of [0, 1]) {
      await set(TOPIC, "t", { "max.message.bytes": String(1000 + version) }, { version });
      expect(topicConfig("t", broker.parts).maxMessageBytes).toBe(1000 + version);
    }
    for (const version of [0, 1, 2]) {
      await replace(TOPIC, "t", { "max.message.bytes": String(2000 + version) }, { version });
      expect(topicConfig("t", broker.parts).maxMessageBytes).toBe(2000 + version);
    }
    expect(incrementalAlterConfigs.served).toEqual({ min: 0, max: 1 });
    expect(alterConfigs.served).toEqual({ min: 0, max: 2 });
    broker.close();
    broker = await MetadataBroker.start([], broker.disk);
    expect(topicConfig("t", broker.parts).maxMessageBytes).toBe(2002);
  });

  test("leaves the others alone when it is incremental, and takes them away when it is not", async () => {
    await set(TOPIC, "t", { "retention.ms": "1", "segment.ms": "2" });
    await set(TOPIC, "t", { "segment.ms": "3" });
    expect(own(TOPIC, "t")).toEqual({ "retention.ms": "1", "segment.ms": "3" });
    await replace(TOPIC, "t", { "flush.ms": "4" });
    expect(own(TOPIC, "t")).toEqual({ "flush.ms": "4" });
  });

  test("changes nothing when it is only validated", async () => {
    const validateOnly = true;
    expect(await set(TOPIC, "t", { "retention.ms": "1" }, { validateOnly })).toMatchObject({ errorCode: 0 });
    expect(await replace(TOPIC, "t", { "retention.ms": "1" }, { validateOnly })).toMatchObject({
      errorCode: 0,
    });
    const wrong = await set(TOPIC, "t", { "retention.ms": "soon" }, { validateOnly });
    expect(wrong?.errorCode).toBe(ErrorCode.INVALID_CONFIG);
    expect(own(TOPIC, "t")).toEqual({});
  });

  test("that can't be written down is KAFKA_STORAGE_ERROR, and changes nothing", async () => {
    broker.disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
    const error = { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, resourceType: TOPIC, resourceName: "t" };
    expect(await set(TOPIC, "t", { "retention.ms": "1" })).toMatchObject(error);
    expect(await replace(TOPIC, "t", { "retention.ms": "1" })).toMatchObject(error);
    expect(own(TOPIC, "t")).toEqual({});
  });
});

describe("Altering brokers' configs", () => {
  test("takes effect at once, this broker's before that of all brokers, and lasts", async () => {
    const inEffect = () => broker.parts.config().messageMaxBytes;
    await set(BROKER, "", { "message.max.bytes": "2000000" });
    expect(inEffect()).toBe(2_000_000);
    await set(BROKER, "1", { "message.max.bytes": "3000000" });
    expect(inEffect()).toBe(3_000_000);
    expect(topicConfig("t", broker.parts).maxMessageBytes).toBe(3_000_000);
    broker.close();
    broker = await MetadataBroker.start([], broker.disk);
    expect(inEffect()).toBe(3_000_000);
    await replace(BROKER, "1", {});
    expect(inEffect()).toBe(2_000_000);
  });

  test("of loggers is refused for each logger, among resources that are altered", async () => {
    const resources = [
      {
        resourceType: BROKER_LOGGER,
        resourceName: "1",
        configs: [{ name: "root", configOperation: 0, value: "DEBUG" }],
      },
      {
        resourceType: TOPIC,
        resourceName: "t",
        configs: [{ name: "flush.ms", configOperation: 0, value: "9" }],
      },
      { resourceType: TOPIC, resourceName: "nobody", configs: [] },
      { resourceType: BROKER_LOGGER, resourceName: "1", configs: [] },
    ];
    const { responses } = await broker.ask(alteration, 1, { resources, validateOnly: false });
    expect(responses.map(({ resourceName, errorCode }) => [resourceName, errorCode])).toEqual([
      ["1", ErrorCode.INVALID_CONFIG],
      ["t", ErrorCode.NONE],
      ["nobody", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
      ["1", ErrorCode.NONE],
    ]);
    expect(responses[0]?.errorMessage).toBe("Logger root does not exist!");
    expect(own(TOPIC, "t")).toEqual({ "flush.ms": "9" });
  });
});

describe("Describing configs", () => {
  test("stops where an answer gets too large, and says so of the resources that are left", async () => {
    const resource = { resourceType: BROKER, resourceName: "1", configurationKeys: null };
    const resources = Array.from({ length: 3000 }, () => resource);
    const request = { resources, includeSynonyms: false, includeDocumentation: false };
    const { results } = await broker.ask(description, 4, request);
    const told = results.filter(({ errorCode }) => errorCode === ErrorCode.NONE);
    expect(told.length).toBeGreaterThan(1000);
    expect(told.reduce((count, { configs }) => count + configs.length, 0)).toBeLessThan(501_000);
    expect(results.at(-1)).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, configs: [] });
  });

  test("works in every version", async () => {
    expect(describeConfigs.served).toEqual({ min: 1, max: 4 });
    for (let version = 1; version <= 4; version++) {
      const result = await describeOne(TOPIC, "t", ["retention.ms"], version);
      expect(result).toMatchObject({ errorCode: 0, configs: [{ name: "retention.ms", value: "604800000" }] });
    }
  });

  test("explains them when asked to", async () => {
    for (const [type, name, key] of [
      [TOPIC, "t", "retention.ms"],
      [BROKER, "1", "message.max.bytes"],
      [GROUP, "g", "consumer.session.timeout.ms"],
    ] as const) {
      const result = await describeOne(type, name, [key]);
      expect(result?.configs[0]?.documentation).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("shows all of a broker's, and no secret", async () => {
    broker.close();
    broker = await MetadataBroker.start(["ssl.keystore.password=hunter2", "no.such.config=hunter2"]);
    const result = await describeOne(BROKER, "1", null);
    expect(result?.configs.length).toBeGreaterThan(250);
    expect(JSON.stringify(result).includes("hunter2")).toBe(false);
    const password = result?.configs.find(({ name }) => name === "ssl.keystore.password");
    expect(password).toMatchObject({ value: null, isSensitive: true, configSource: 4 });
  });

  test("of an unknown topic is its error alone", async () => {
    const resources = ["nobody", "t"].map((resourceName) => ({
      resourceType: TOPIC,
      resourceName,
      configurationKeys: ["flush.ms"],
    }));
    const { results } = await broker.ask(description, 4, { resources, includeSynonyms: false });
    expect(results.map(({ errorCode, configs }) => [errorCode, configs.length])).toEqual([
      [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 0],
      [ErrorCode.NONE, 1],
    ]);
  });
});
