import { describe, expect, test } from "bun:test";
import {
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeClusterDefaultConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from "../../../src/config/describe.ts";
import { ConfigSource } from "../../../src/config/layers.ts";
import { loadServerConfig } from "../../../src/config/load.ts";

const { config } = loadServerConfig({ overrides: ["ssl.key.password=secret", "num.partitions=5"] });
const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);

// What Kafka describes is in kafka-replies.test.ts; this is what the replies don't show.
describe("describing configs", () => {
  test("is limited to the names asked for, of which unknown ones are passed over", () => {
    const wanted = ["retention.ms", "no.such.config", "segment.ms"];
    expect(names(describeTopicConfigs(config, new Map(), wanted))).toEqual(["segment.ms", "retention.ms"]);
    expect(names(describeBrokerConfigs(config, ["num.partitions"]))).toEqual(["num.partitions"]);
    expect(names(describeGroupConfigs(config, new Map(), ["share.isolation.level"]))).toEqual([
      "share.isolation.level",
    ]);
    expect(names(describeClientMetricsConfigs(new Map(), ["match"]))).toEqual(["match"]);
    expect(describeClusterDefaultConfigs(config, ["num.partitions"])).toEqual([]);
  });

  test("takes no names for all of them", () => {
    expect(describeTopicConfigs(config, new Map(), [])).toHaveLength(37);
  });

  test("comes with a sentence on each topic config", () => {
    for (const { documentation } of describeTopicConfigs(config, new Map()))
      expect(documentation).toEndWith(".");
  });

  test("shows no password, neither as value nor as synonym", () => {
    const [entry] = describeBrokerConfigs(config, ["ssl.key.password"]);
    expect(entry).toMatchObject({
      value: null,
      isSensitive: true,
      synonyms: [{ name: "ssl.key.password", value: null, source: ConfigSource.STATIC_BROKER_CONFIG }],
    });
  });

  test("shows what stands in for a key that Kafka demands as a default", () => {
    const bare = loadServerConfig({ file: { path: "p", text: "" }, overrides: [] }).config;
    const [entry] = describeBrokerConfigs(bare, ["node.id"]);
    expect(entry).toMatchObject({ value: "1", configSource: ConfigSource.DEFAULT_CONFIG, synonyms: [] });
  });

  test("shows a value that can't be read as it stands", () => {
    const [entry] = describeTopicConfigs(config, new Map([["retention.ms", "long"]]), ["retention.ms"]);
    expect(entry).toMatchObject({ value: "long", configSource: ConfigSource.DYNAMIC_TOPIC_CONFIG });
  });
});
