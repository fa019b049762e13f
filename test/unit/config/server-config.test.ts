import { describe, expect, test } from "bun:test";
import { ConfigSource } from "../../../src/config/layers.ts";
import { loadServerConfig } from "../../../src/config/load.ts";

const load = (...lines: string[]) =>
  loadServerConfig({ file: { path: "server.properties", text: lines.join("\n") }, overrides: [] }).config;

const empty = new Map<string, string>();

describe("the server's configuration", () => {
  test("has every broker config under its name in camel case, with its type", () => {
    expect(
      load("log.cleanup.policy=compact , delete", "broker.rack=r1", "log.cleaner.io.buffer.load.factor=.5"),
    ).toMatchObject({
      logCleanupPolicy: ["compact", "delete"],
      brokerRack: "r1",
      logCleanerIoBufferLoadFactor: 0.5,
      deleteTopicEnable: true,
      logRetentionMinutes: null,
    });
  });

  test("takes 64-bit numbers beyond the safe integers for the largest of them, and shows them as they are", () => {
    const config = load("log.flush.interval.messages=9223372036854775807");
    expect(config.logFlushIntervalMessages).toBe(Number.MAX_SAFE_INTEGER);
    expect(config.get("log.flush.interval.messages")).toEqual({
      value: "9223372036854775807",
      source: ConfigSource.STATIC_BROKER_CONFIG,
    });
  });

  test("tells where a value comes from", () => {
    const config = load("num.partitions=3", "my.key=x");
    expect(config.get("num.partitions")).toEqual({ value: "3", source: ConfigSource.STATIC_BROKER_CONFIG });
    expect(config.get("num.io.threads")).toEqual({ value: "8", source: ConfigSource.DEFAULT_CONFIG });
    expect(config.get("my.key")).toEqual({ value: "x", source: ConfigSource.STATIC_BROKER_CONFIG });
    expect(config.get("no.such.key")).toEqual({ value: null, source: ConfigSource.DEFAULT_CONFIG });
  });

  test("uses the finest unit in which a time is given", () => {
    expect(load("log.retention.hours=5").logRetentionMs).toBe(18_000_000);
    expect(load("log.retention.hours=5", "log.retention.minutes=2").logRetentionMs).toBe(120_000);
    expect(load("log.retention.minutes=2", "log.retention.ms=-7").logRetentionMs).toBe(-1);
    expect(load("log.roll.hours=1", "log.roll.jitter.hours=2")).toMatchObject({
      logRollMs: 3_600_000,
      logRollJitterMs: 7_200_000,
    });
    expect(load("log.flush.scheduler.interval.ms=9").logFlushIntervalMs).toBe(9);
  });

  test("keeps logs in log.dirs, else in log.dir, and metadata in the first of them", () => {
    expect(load("log.dirs=/a, /b", "log.dir=/c")).toMatchObject({
      logDirs: ["/a", "/b"],
      metadataLogDir: "/a",
    });
    expect(load("log.dir=/c")).toMatchObject({ logDirs: ["/c"], metadataLogDir: "/c" });
    expect(load("log.dirs=/a", "metadata.log.dir=/m").metadataLogDir).toBe("/m");
  });

  test("limits connections of single addresses, IPv6 ones too", () => {
    const config = load("max.connections.per.ip.overrides=127.0.0.1:5, ::1:7");
    expect(config.maxConnectionsPerIpOverrides).toEqual(
      new Map([
        ["127.0.0.1", 5],
        ["::1", 7],
      ]),
    );
  });
});

describe("listeners", () => {
  test("have a name in upper case, a protocol, an address without brackets and a port", () => {
    const config = load(
      "listeners=plaintext://0.0.0.0:9092,Inside://[::1]:9093,TLS://host-1.example.com:0",
      "listener.security.protocol.map=PLAINTEXT:PLAINTEXT, INSIDE:sasl_plaintext ,tls:SSL",
    );
    expect(config.listeners).toEqual([
      { name: "PLAINTEXT", securityProtocol: "PLAINTEXT", host: "0.0.0.0", port: 9092, controller: false },
      { name: "INSIDE", securityProtocol: "SASL_PLAINTEXT", host: "::1", port: 9093, controller: false },
      { name: "TLS", securityProtocol: "SSL", host: "host-1.example.com", port: 0, controller: false },
    ]);
  });

  test("of the controller are PLAINTEXT unless the map says otherwise", () => {
    const config = load(
      "listeners=PLAINTEXT://:9092,CONTROLLER://:9093",
      "controller.listener.names=CONTROLLER",
    );
    expect(config.listeners[1]).toMatchObject({
      name: "CONTROLLER",
      securityProtocol: "PLAINTEXT",
      controller: true,
    });
    expect(config.controllerListenerNames).toEqual(["CONTROLLER"]);
  });

  test("of the controller need a protocol of their own where TLS is in use", () => {
    expect(() =>
      load("listeners=SSL://:9092,CONTROLLER://:9093", "controller.listener.names=CONTROLLER"),
    ).toThrow("No security protocol defined for listener CONTROLLER");
  });

  test("are advertised under the address given, or none where none is", () => {
    const config = load(
      "listeners=PLAINTEXT://:9092,SSL://:9093,SASL_SSL://:9094",
      "advertised.listeners=PLAINTEXT://example.com:19092,SSL://:19093",
    );
    expect(config.advertisedListeners).toEqual(
      new Map([
        ["PLAINTEXT", { host: "example.com", port: 19092 }],
        ["SSL", null],
        ["SASL_SSL", null],
      ]),
    );
  });

  test("serve other brokers by the one named, else by its protocol, else by the first for clients", () => {
    const listeners = "listeners=CONTROLLER://:9093,A://:1,PLAINTEXT://:2";
    const rest = [
      "controller.listener.names=CONTROLLER",
      "listener.security.protocol.map=CONTROLLER:PLAINTEXT,A:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    ];
    expect(load(listeners, ...rest, "inter.broker.listener.name=a").interBrokerListenerName).toBe("A");
    expect(load(listeners, ...rest).interBrokerListenerName).toBe("PLAINTEXT");
    expect(load("listeners=CONTROLLER://:9093,A://:1", ...rest).interBrokerListenerName).toBe("A");
  });
});

describe("dynamic configs", () => {
  test("lie over the properties file, the broker's own over the cluster's default", () => {
    const config = load("message.max.bytes=1000", "log.segment.bytes=2000000");
    const cluster = new Map([
      ["message.max.bytes", "2000"],
      ["log.segment.bytes", "3000000"],
    ]);
    const changed = config.withDynamic(new Map([["message.max.bytes", "3000"]]), cluster);
    expect(changed).toMatchObject({
      messageMaxBytes: 3000,
      logSegmentBytes: 3_000_000,
      ignoredDynamicConfigs: [],
    });
    expect(changed.get("message.max.bytes").source).toBe(ConfigSource.DYNAMIC_BROKER_CONFIG);
    expect(changed.get("log.segment.bytes").source).toBe(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
    expect(config.messageMaxBytes).toBe(1000);
  });

  test("are replaced as a whole by the next ones", () => {
    const once = load("message.max.bytes=1000").withDynamic(new Map([["message.max.bytes", "3000"]]), empty);
    expect(once.withDynamic(empty, empty).messageMaxBytes).toBe(1000);
  });

  test("make the same setting in other units void", () => {
    const config = load("log.retention.ms=5000", "log.retention.hours=1");
    expect(config.withDynamic(empty, new Map([["log.retention.ms", "7"]])).logRetentionMs).toBe(7);
  });

  test("that can't apply are left out and named, each by itself", () => {
    const cluster = new Map([
      ["num.partitions", "5"],
      ["message.max.bytes", "many"],
      ["log.segment.bytes", "3000000"],
      ["listener.name.plaintext.ssl.keystore.location", "/x"],
    ]);
    const config = load("message.max.bytes=1000").withDynamic(empty, cluster);
    expect(config).toMatchObject({ numPartitions: 1, messageMaxBytes: 1000, logSegmentBytes: 3_000_000 });
    expect(config.ignoredDynamicConfigs).toEqual([
      "Cannot update these configs dynamically: [num.partitions]",
      "Invalid value many for configuration message.max.bytes: Not a number of type INT",
      "Cannot update these configs at default cluster level, broker id must be specified: [listener.name.plaintext.ssl.keystore.location]",
    ]);
  });

  test("that break a rule together are left out together, and the cluster's default stays", () => {
    const broker = new Map([
      ["log.retention.ms", "0"],
      ["message.max.bytes", "2000"],
    ]);
    const config = load("").withDynamic(broker, new Map([["log.roll.ms", "77"]]));
    expect(config).toMatchObject({ messageMaxBytes: 1_048_588, logRollMs: 77 });
    expect(config.ignoredDynamicConfigs).toEqual([
      "requirement failed: log.retention.ms must be unlimited (-1) or, greater than or equal to 1",
    ]);
  });
});
