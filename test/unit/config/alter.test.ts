import { describe, expect, test } from "bun:test";
import {
  alterConfigs,
  ConfigOperation,
  ConfigResourceType,
  replaceConfigs,
} from "../../../src/config/alter.ts";
import type { ConfigMap } from "../../../src/config/layers.ts";
import { loadServerConfig } from "../../../src/config/load.ts";

const { SET, DELETE, APPEND, SUBTRACT } = ConfigOperation;
const server = loadServerConfig({ overrides: [] }).config;
const topic = { type: ConfigResourceType.TOPIC, name: "t" };
const broker = { type: ConfigResourceType.BROKER, name: "1" };
const nothing: ConfigMap = new Map();
const operation = (operation: number, name: string, value: string | null = null) => ({
  operation,
  name,
  value,
});

// What Kafka accepts and refuses is in kafka-replies.test.ts; this is what the replies don't show.
describe("changing configs", () => {
  test("gives all that is set afterwards, and only what changed to write down", () => {
    const current = new Map([
      ["retention.ms", "1"],
      ["segment.ms", "2"],
      ["flush.ms", "3"],
    ]);
    const { configs, changes } = alterConfigs(server, topic, current, [
      operation(SET, "retention.ms", "9"),
      operation(SET, "segment.ms", "2"),
      operation(DELETE, "flush.ms"),
      operation(DELETE, "flush.messages"),
      operation(SET, "preallocate", "true"),
    ]);
    expect(configs).toEqual(
      new Map([
        ["retention.ms", "9"],
        ["segment.ms", "2"],
        ["preallocate", "true"],
      ]),
    );
    expect(changes).toEqual(
      new Map([
        ["retention.ms", "9"],
        ["flush.ms", null],
        ["preallocate", "true"],
      ]),
    );
    expect(current.size).toBe(3);
  });

  test("writes down every broker config, changed or not, so that brokers look at files again", () => {
    const current = new Map([["message.max.bytes", "1"]]);
    const { changes } = alterConfigs(server, broker, current, [operation(SET, "message.max.bytes", "1")]);
    expect(changes).toEqual(new Map([["message.max.bytes", "1"]]));
  });

  test("appends to a list what it doesn't have, and takes away what it has, beginning with the default", () => {
    const policy = (kind: number, value: string, current: ConfigMap) =>
      alterConfigs(server, topic, current, [operation(kind, "cleanup.policy", value)]).configs.get(
        "cleanup.policy",
      );
    expect(policy(APPEND, "compact,delete", nothing)).toBe("delete,compact");
    expect(policy(SUBTRACT, "delete,compact", nothing)).toBe("");
    expect(policy(SUBTRACT, "delete", new Map([["cleanup.policy", "compact,delete"]]))).toBe("compact");
  });

  test("refuses a key that comes twice", () => {
    const twice = [operation(SET, "retention.ms", "1"), operation(DELETE, "retention.ms")];
    expect(() => alterConfigs(server, topic, nothing, twice)).toThrow("Error due to duplicate config keys");
  });

  test("refuses operations and resources that don't exist", () => {
    expect(() => alterConfigs(server, topic, nothing, [operation(4, "retention.ms", "1")])).toThrow(
      "Unknown operations type 4",
    );
    expect(() => alterConfigs(server, { type: 3, name: "x" }, nothing, [])).toThrow(
      "Unknown resource type 3",
    );
  });

  test("refuses configs of another broker", () => {
    const change = (name: string) => () =>
      alterConfigs(server, { ...broker, name }, nothing, [operation(SET, "message.max.bytes", "1")]);
    expect(change("2")).toThrow("Unexpected broker id, expected 1, but received 2");
    expect(change("one")).toThrow("Node id must be an integer, but it is: one");
  });

  test("doesn't move a listener while it runs", () => {
    const change = [operation(SET, "listeners", "PLAINTEXT://:9099")];
    expect(() => alterConfigs(server, broker, nothing, change)).toThrow(
      "Houska cannot change listeners while it runs",
    );
  });

  test("isn't held up by what the metadata holds and no broker applies", () => {
    const current = new Map([
      ["num.partitions", "3"],
      ["message.max.bytes", "many"],
    ]);
    const { configs } = alterConfigs(server, broker, current, [operation(SET, "log.retention.ms", "5")]);
    expect(configs.get("log.retention.ms")).toBe("5");
    expect(() => alterConfigs(server, broker, current, [operation(SET, "num.partitions", "4")])).toThrow(
      "Cannot update these configs dynamically: [num.partitions]",
    );
  });
});

describe("replacing configs", () => {
  test("takes away what isn't named", () => {
    const current = new Map([
      ["retention.ms", "1"],
      ["segment.ms", "2"],
    ]);
    const { configs, changes } = replaceConfigs(server, topic, current, [{ name: "segment.ms", value: "3" }]);
    expect(configs).toEqual(new Map([["segment.ms", "3"]]));
    expect(changes).toEqual(
      new Map([
        ["segment.ms", "3"],
        ["retention.ms", null],
      ]),
    );
  });

  test("is validated like a change", () => {
    const replace = (value: string | null) => () =>
      replaceConfigs(server, topic, nothing, [{ name: "segment.ms", value }]);
    expect(replace("0")).toThrow("Invalid value 0 for configuration segment.ms: Value must be at least 1");
    expect(replace(null)).toThrow("Null value not supported for : segment.ms");
  });
});
