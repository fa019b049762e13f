import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { finalizedFeatures } from "../../../src/api/features.ts";
import { apis } from "../../../src/api/registry.ts";
import { INITIAL_FEATURE_LEVELS } from "../../../src/metadata/feature-levels.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { ApiVersionsRequest, ApiVersionsResponse } from "../../../src/protocol/messages/api-versions.ts";
import { MetadataBroker } from "../../support/metadata-broker.ts";
import { CLUSTER_ID } from "../../support/storage-in-memory.ts";

const both = [ApiVersionsRequest, ApiVersionsResponse] as const;
const software = { clientSoftwareName: "a-client", clientSoftwareVersion: "1.0" };

let broker: MetadataBroker;

beforeAll(async () => {
  broker = await MetadataBroker.start();
});
afterAll(() => broker.close());

test.each([0, 1, 2, 3, 4, 5])("Version %i names every API of the registry, by key", async (version) => {
  const { errorCode, apiKeys } = await broker.ask(both, version, software);
  expect(errorCode).toBe(ErrorCode.NONE);
  expect(apiKeys).toEqual(
    [...apis.values()]
      .sort((left, right) => left.key - right.key)
      .map(({ key, advertised }) => ({
        apiKey: key,
        minVersion: advertised.min,
        maxVersion: advertised.max,
      })),
  );
});

test("A feature whose lowest level is 0 is told from version 4 on: older clients can't read it", async () => {
  const lowest = async (version: number) => {
    const { supportedFeatures } = await broker.ask(both, version, software);
    return Math.min(...supportedFeatures.map(({ minVersion }) => minVersion));
  };
  expect(await lowest(3)).toBeGreaterThan(0);
  expect(await lowest(4)).toBe(0);
});

test("The cluster's feature levels are told with the offset that they hold for", async () => {
  const answer = await broker.ask(both, 4, software);
  const level = broker.metadata.image.features.get("metadata.version") ?? 0;
  expect(answer.finalizedFeaturesEpoch).toBe(BigInt(broker.metadata.image.lastOffset));
  expect(answer.finalizedFeatures).toContainEqual({
    name: "metadata.version",
    maxVersionLevel: level,
    minVersionLevel: level,
  });
});

test("A cluster without transaction.version, or with a lower one, is told as such: clients go by it", () => {
  const told = (levels: ReadonlyMap<string, number>) =>
    finalizedFeatures(levels).map(({ name, maxVersionLevel }) => [name, maxVersionLevel]);
  expect(told(INITIAL_FEATURE_LEVELS)).toContainEqual(["transaction.version", 2]);
  expect(told(new Map([["transaction.version", 1]]))).toEqual([["transaction.version", 1]]);
  expect(told(new Map([["metadata.version", 17]]))).toEqual([["metadata.version", 17]]);
});

test.each([
  ["", "1.0"],
  ["a-client", ""],
  ["-client", "1.0"],
  ["client.", "1.0"],
  ["a client", "1.0"],
  ["a-client", "1.0 beta"],
])(
  "A client that calls itself '%s' '%s' is INVALID_REQUEST",
  async (clientSoftwareName, clientSoftwareVersion) => {
    const asked = { clientSoftwareName, clientSoftwareVersion };
    expect(await broker.ask(both, 3, asked)).toMatchObject({
      errorCode: ErrorCode.INVALID_REQUEST,
      apiKeys: [],
    });
  },
);

// As Apache Kafka 4.4.0 answers.
describe("A client that says whom it means to reach", () => {
  const ask = async (clusterId: string | null, nodeId: number) =>
    await broker.ask(both, 5, { ...software, clusterId, nodeId });

  test("is answered when it is this node of this cluster", async () => {
    const answer = await ask(CLUSTER_ID, 1);
    expect(answer.errorCode).toBe(ErrorCode.NONE);
    expect(answer.apiKeys.length).toBeGreaterThan(0);
  });

  test.each([
    ["elsewhere", 1],
    ["", 1],
    [CLUSTER_ID, 7],
    [CLUSTER_ID, -2],
    ["elsewhere", 7],
  ])("is sent to look anew when it means cluster '%s', node %i", async (clusterId, nodeId) => {
    expect(await ask(clusterId, nodeId)).toMatchObject({
      errorCode: ErrorCode.REBOOTSTRAP_REQUIRED,
      apiKeys: [],
    });
  });

  test.each([
    [CLUSTER_ID, -1],
    ["elsewhere", -1],
    [null, 1],
    [null, -2],
  ])("must say both: cluster %p, node %i is INVALID_REQUEST", async (clusterId, nodeId) => {
    expect(await ask(clusterId, nodeId)).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] });
  });
});
