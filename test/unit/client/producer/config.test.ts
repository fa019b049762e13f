import { describe, expect, test } from "bun:test";
import { producerConfig } from "../../../../src/client/producer/config.ts";
import { CompressionType } from "../../../../src/records/compression/codec.ts";

const config = (properties: Readonly<Record<string, string>> = {}) =>
  producerConfig(new Map(Object.entries(properties)));

describe("a producer's configuration", () => {
  test("has Kafka's defaults", () => {
    expect(config()).toMatchObject({
      acks: -1,
      batchSize: 16384,
      lingerMs: 5,
      compression: CompressionType.none,
      retries: 2147483647,
      idempotence: true,
      maxInFlight: 5,
      transactionalId: null,
    });
  });

  test.each<Record<string, string>>([
    { acks: "1" },
    { retries: "0" },
    { "max.in.flight.requests.per.connection": "6" },
    { "enable.idempotence": "false" },
  ])("is not idempotent with %j", (properties) => {
    expect(config(properties).idempotence).toBe(false);
  });

  test("refuses what stands against idempotence that was asked for", () => {
    expect(() => config({ "enable.idempotence": "true", acks: "1" })).toThrow(
      "Must set acks to all in order to use the idempotent producer.",
    );
    expect(() => config({ "transactional.id": "t", "enable.idempotence": "false" })).toThrow(
      "Cannot set a transactional.id without also enabling idempotence.",
    );
  });

  test("takes the level of the compression that is used", () => {
    const levels = { "compression.gzip.level": "7", "compression.zstd.level": "-5" };
    expect(config({ ...levels, "compression.type": "zstd" }).compressionLevel).toBe(-5);
    expect(config({ ...levels, "compression.type": "lz4" }).compressionLevel).toBeUndefined();
  });

  test("says which value doesn't fit, and why", () => {
    expect(() => config({ "linger.ms": "soon" })).toThrow(
      "Invalid value soon for configuration linger.ms: Not a number of type LONG",
    );
    expect(() => config({ acks: "2" })).toThrow("Invalid value 2 for configuration acks");
    expect(() => config({ "compression.type": "brotli" })).toThrow("must be one of: none, gzip");
    expect(() => config({ "max.in.flight.requests.per.connection": "0" })).toThrow(
      "Value must be at least 1",
    );
  });

  test("takes Java's longest time for a very long one", () => {
    expect(config({ "delivery.timeout.ms": "9223372036854775807" }).deliveryTimeoutMs).toBe(2147483647);
  });
});
