import { describe, expect, test } from "bun:test";
import { brokerDefinitions } from "../../../src/config/definitions/tables.ts";
import { embeddedDefaults } from "../../../src/config/embedded.ts";
import { ConfigError, loadServerConfig } from "../../../src/config/load.ts";

const load = (text: string, ...overrides: string[]) =>
  loadServerConfig({ file: { path: "conf/server.properties", text }, overrides });

function problems(text: string, ...overrides: string[]): string[] {
  try {
    load(text, ...overrides);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  throw new Error("nothing was wrong");
}

/** The settings of the server.properties that comes with Kafka 4. */
const kafkasOwn = `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:9093
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kraft-combined-logs
num.partitions=1
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
`;

describe("loading the configuration", () => {
  test("without a file gives one node on port 9092 of every interface, with one replica of everything", () => {
    const { config, warnings } = loadServerConfig({ overrides: [] });
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      nodeId: 1,
      processRoles: ["broker", "controller"],
      listeners: [
        { name: "PLAINTEXT", securityProtocol: "PLAINTEXT", host: "", port: 9092, controller: false },
      ],
      advertisedListeners: new Map([["PLAINTEXT", null]]),
      logDirs: ["/tmp/kraft-combined-logs"],
      autoCreateTopicsEnable: true,
      offsetsTopicReplicationFactor: 1,
      transactionStateLogReplicationFactor: 1,
      transactionStateLogMinIsr: 1,
      shareCoordinatorStateTopicReplicationFactor: 1,
      shareCoordinatorStateTopicMinIsr: 1,
      groupInitialRebalanceDelayMs: 0,
    });
  });

  test("without a file still takes overrides", () => {
    const { config } = loadServerConfig({ overrides: ["log.dirs=/data", "num.partitions=3"] });
    expect(config.logDirs).toEqual(["/data"]);
    expect(config.numPartitions).toBe(3);
    expect(config.nodeId).toBe(1);
  });

  test("with a file has Kafka's defaults for what the file leaves out", () => {
    const { config } = load("");
    expect(config).toMatchObject({
      nodeId: 1,
      processRoles: ["broker", "controller"],
      logDirs: ["/tmp/kafka-logs"],
      offsetsTopicReplicationFactor: 3,
      groupInitialRebalanceDelayMs: 3000,
    });
  });

  test("takes the last of several values, and an override before the file", () => {
    expect(load("num.partitions=2\nnum.partitions=3").config.numPartitions).toBe(3);
    expect(load("num.partitions=2", "num.partitions=4", "num.partitions=5").config.numPartitions).toBe(5);
  });

  test("takes broker.id for node.id and the other way round", () => {
    expect(load("broker.id=7").config.nodeId).toBe(7);
    expect(load("node.id=7").config.brokerId).toBe(7);
  });

  test("names file, line, key, value and what is allowed for everything that is wrong", () => {
    expect(problems("# one\nnum.partitions=0\nlog.dirs=/a\nauto.create.topics.enable=\\\n  yes")).toEqual([
      "conf/server.properties:2: num.partitions=0: not allowed; it must be a whole number of 32 bits, at least 1",
      "conf/server.properties:4: auto.create.topics.enable=yes: not allowed; it must be true or false",
    ]);
  });

  test("names the argument that is wrong, and not the line it stands for", () => {
    expect(problems("num.partitions=1", "num.partitions=none", "port")).toEqual([
      "--override port: an override must have the form key=value",
      "--override num.partitions=none: not allowed; it must be a whole number of 32 bits, at least 1",
    ]);
  });

  test("names the line of a rule between keys that doesn't hold", () => {
    expect(problems("process.roles=broker,controller\nlog.retention.hours=0")).toEqual([
      "conf/server.properties:2: log.retention.hours=0: log.retention.ms must be unlimited (-1) or, greater than or equal to 1",
    ]);
    expect(problems("listeners=PLAINTEXT://:9092\nadvertised.listeners=PLAINTEXT://0.0.0.0:9092")).toEqual([
      "conf/server.properties:2: advertised.listeners=PLAINTEXT://0.0.0.0:9092: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
    ]);
  });

  test("tells once what several rules stumble over", () => {
    expect(problems("listeners=INSIDE://:9092")).toEqual([
      "conf/server.properties:1: listeners=INSIDE://:9092: Error creating broker listeners from '[INSIDE://:9092]': No security protocol defined for listener INSIDE",
    ]);
  });

  test("refuses a broken escape with its line", () => {
    expect(problems("a=1\nb=\\u00zz")).toEqual([
      "conf/server.properties:2: \\u must be followed by four hexadecimal digits",
    ]);
  });

  test("has all of a problem for a program as well", () => {
    try {
      load("num.partitions=0");
      expect.unreachable();
    } catch (error) {
      expect((error as ConfigError).problems).toEqual([
        {
          file: "conf/server.properties",
          line: 1,
          key: "num.partitions",
          value: "0",
          reason: "not allowed; it must be a whole number of 32 bits, at least 1",
        },
      ]);
    }
  });
});

describe("loading the configuration warns", () => {
  test("once of each key in Kafka's own properties file that has no effect where it should, and of no other", () => {
    const { config, warnings } = load(kafkasOwn);
    const silent = new Set(brokerDefinitions.filter((row) => row.actedOn).map((row): string => row.name));
    // One replica of each internal topic is what a single node has anyway.
    for (const name of embeddedDefaults.keys()) silent.add(name);
    const keys = kafkasOwn
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0] ?? "");
    const expected = keys.filter((key) => !silent.has(key));
    expect(warnings.map((warning) => warning.split(" ")[1] ?? "")).toEqual(expected);
    expect(warnings).toContain(
      "conf/server.properties:9: num.network.threads is known from Kafka, but has no effect in Houska",
    );
    expect(config.listeners.map(({ name, controller }) => [name, controller])).toEqual([
      ["PLAINTEXT", false],
      ["CONTROLLER", true],
    ]);
  });

  test("where a node is to have others, and not where it is to be alone", () => {
    const key = "offsets.topic.replication.factor";
    expect(load(`${key}=1\ncontroller.quorum.voters=1@localhost:9093`).warnings).toEqual([]);
    expect(load(`${key}=3\ncontroller.quorum.voters=1@a:1,2@b:1`).warnings).toEqual([
      `conf/server.properties:1: ${key} is known from Kafka, but has no effect in Houska`,
      "conf/server.properties:2: controller.quorum.voters is known from Kafka, but has no effect in Houska",
    ]);
  });

  test("of a key nobody has, naming the nearest", () => {
    expect(load("log.retention.hour=5", "auto.create.topic.enable=false").warnings).toEqual([
      "conf/server.properties:1: unknown key log.retention.hour; the nearest known key is log.retention.hours",
      "--override: unknown key auto.create.topic.enable; the nearest known key is auto.create.topics.enable",
    ]);
  });

  test("of Confluent's keys without a guess which of Kafka's was meant", () => {
    expect(load("confluent.license.topic.replication.factor=1").warnings).toEqual([
      "conf/server.properties:1: confluent.license.topic.replication.factor is Confluent's, and has no effect in Houska",
    ]);
  });

  test("of a listener's own key, known or not", () => {
    const text = "listener.name.plaintext.max.connections=5\nlistener.name.plaintext.max.conections=5";
    expect(load(text).warnings).toEqual([
      "conf/server.properties:1: listener.name.plaintext.max.connections is known from Kafka, but has no effect in Houska",
      "conf/server.properties:2: unknown key listener.name.plaintext.max.conections; the nearest known key is listener.name.plaintext.max.connections",
    ]);
  });

  test("of plugins' keys and a mechanism's as of Kafka's", () => {
    const keys = [
      "rsm.config.bucket",
      "config.providers.env.class",
      "listener.name.a.plain.sasl.jaas.config",
    ];
    expect(
      load(keys.map((key) => `${key}=x`).join("\n")).warnings.map((line) => line.split(": ")[1]),
    ).toEqual(keys.map((key) => `${key} is known from Kafka, but has no effect in Houska`));
  });

  test("of keys that Kafka has given up", () => {
    expect(load("zookeeper.connect=localhost:2181\ninter.broker.protocol.version=3.9").warnings).toEqual([
      "conf/server.properties:1: zookeeper.connect is gone since Kafka 4 and has no effect",
      "conf/server.properties:2: inter.broker.protocol.version is gone since Kafka 4 and has no effect",
    ]);
  });
});
