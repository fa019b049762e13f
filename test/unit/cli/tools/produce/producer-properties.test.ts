import { expect, test } from "bun:test";
import {
  type GivenForProducer,
  producerProperties,
} from "../../../../../src/cli/tools/produce/producer-properties.ts";

const nothing: GivenForProducer = {
  "command-config": undefined,
  "producer.config": undefined,
  "command-property": [],
  "producer-property": [],
  "compression-codec": undefined,
  timeout: undefined,
  "request-required-acks": undefined,
  "request-timeout-ms": undefined,
  "message-send-max-retries": undefined,
  "retry-backoff-ms": undefined,
  "socket-buffer-size": undefined,
  "max-memory-bytes": undefined,
  "batch-size": undefined,
  "max-partition-memory-bytes": undefined,
  "metadata-expiry-ms": undefined,
  "max-block-ms": undefined,
};
const properties = (given: Partial<GivenForProducer>, isTyped = false) =>
  Object.fromEntries(producerProperties({ ...nothing, ...given }, isTyped));

test("the options have the defaults of Kafka's tool", () => {
  expect(properties({})).toEqual({
    "compression.type": "none",
    "client.id": "console-producer",
    "linger.ms": "1000",
    acks: "-1",
    "request.timeout.ms": "1500",
    retries: "3",
    "retry.backoff.ms": "100",
    "buffer.memory": "33554432",
    "batch.size": "16384",
    "metadata.max.age.ms": "300000",
    "max.block.ms": "60000",
  });
});

test("a property is stronger than an option's default, and an option that was given than a property", () => {
  const words = { "command-property": ["linger.ms=7", "acks=1"] };
  expect(properties(words)).toMatchObject({ "linger.ms": "7", acks: "1" });
  expect(properties({ ...words, timeout: 9 })).toMatchObject({ "linger.ms": "9", acks: "1" });
});

test("lines that somebody types don't linger", () => {
  expect(properties({}, true)["linger.ms"]).toBe("5");
});

test("--compression-codec without a value is gzip", () => {
  expect(properties({ "compression-codec": "" })["compression.type"]).toBe("gzip");
  expect(properties({ "compression-codec": "zstd" })["compression.type"]).toBe("zstd");
});

test("--max-partition-memory-bytes is stronger than --batch-size", () => {
  expect(properties({ "batch-size": 1 })["batch.size"]).toBe("1");
  expect(properties({ "batch-size": 1, "max-partition-memory-bytes": 2 })["batch.size"]).toBe("2");
});
