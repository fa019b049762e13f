import { describe, expect, test } from "bun:test";
import { consumerConfig } from "../../../../src/client/consumer/config.ts";

const config = (properties: Readonly<Record<string, string>> = {}) =>
  consumerConfig(new Map(Object.entries(properties)));

describe("a consumer's configuration", () => {
  test("has Kafka's defaults", () => {
    expect(config()).toMatchObject({
      groupProtocol: "classic",
      offsetReset: "latest",
      readsCommitted: false,
      fetchMaxWaitMs: 500,
      maxPartitionFetchBytes: 1048576,
      sessionTimeoutMs: 45000,
    });
  });

  test("commits by itself where there is a group to commit for", () => {
    expect(config().autoCommit).toBe(false);
    expect(config({ "group.id": "g" }).autoCommit).toBe(true);
    expect(config({ "group.id": "g", "enable.auto.commit": "false" }).autoCommit).toBe(false);
  });

  test.each([
    ["earliest", "earliest"],
    ["NONE", "none"],
    ["by_duration:PT90S", { agoMs: 90_000 }],
    ["by_duration:P1DT2H3M4.5S", { agoMs: ((26 * 60 + 3) * 60 + 4.5) * 1000 }],
  ] as const)("begins where auto.offset.reset=%s says", (text, reset) => {
    expect(config({ "auto.offset.reset": text }).offsetReset).toEqual(reset);
  });

  test.each(["yesterday", "by_duration:", "by_duration:P", "PT1S", "by_duration:-PT1S"])(
    "refuses auto.offset.reset=%s",
    (text) => {
      expect(() => config({ "auto.offset.reset": text })).toThrow("auto.offset.reset");
    },
  );
});
