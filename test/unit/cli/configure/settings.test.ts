import { describe, expect, test } from "bun:test";
import { refuseOldVariables } from "../../../../src/cli/configure/old-variables.ts";
import { configOf } from "../../../../src/cli/configure/property-name.ts";
import { type Environment, settingsOf } from "../../../../src/cli/configure/settings.ts";

const files: Record<string, string> = { "/run/secrets/size": "1048576\n", "/run/secrets/jaas": "a;\n\n" };

function readText(path: string): string {
  const text = files[path];
  if (text === undefined) throw new Error(`no such file: ${path}`);
  return text;
}

/** What the environment sets, as an object. */
function settings(environment: Environment): Record<string, string> {
  return Object.fromEntries([...settingsOf(environment, readText)].map(([name, { value }]) => [name, value]));
}

describe("the name of a variable", () => {
  test.each([
    ["KAFKA_LOG_DIRS", "log.dirs"],
    ["KAFKA_AUTO_CREATE_TOPICS_ENABLE", "auto.create.topics.enable"],
    ["KAFKA_A__B", "a_b"],
    ["KAFKA_A___B", "a-b"],
    ["KAFKA_LISTENER_NAME_MY___SASL_JAAS_CONFIG", "listener.name.my-sasl.jaas.config"],
    [
      "KAFKA_LISTENER_NAME_SECURE_SCRAM-SHA-512_SASL_JAAS_CONFIG",
      "listener.name.secure.scram-sha-512.sasl.jaas.config",
    ],
    ["KAFKA_MY_KAFKA_CLUSTER", "my.cluster"],
    ["KAFKA_CFG_NODE_ID", "node.id"],
    ["KAFKA_LOGS_DIRS", "log.dirs"],
    ["KAFKA_ZOOKEEPER_CONNECT", "zookeeper.connect"],
  ])("%s sets %s", (variable, config) => {
    expect(configOf(variable)).toBe(config);
  });

  test.each([
    ["KAFKA_HEAP_OPTS", "of Kafka's scripts"],
    ["KAFKA_LOG4J_LOGGERS", "of Kafka's scripts"],
    ["KAFKA_DATA_DIRS", "of the images"],
    ["CLUSTER_ID", "without Kafka's name"],
    ["PATH", "of everybody"],
  ])("%s sets no config, being %s", (variable) => {
    expect(configOf(variable)).toBeNull();
  });
});

describe("the environment", () => {
  test("makes a config of each variable", () => {
    expect(settings({ KAFKA_NUM_PARTITIONS: "3", KAFKA_NODE_ID: "7", HOME: "/" })).toEqual({
      "num.partitions": "3",
      "node.id": "7",
    });
  });

  test("lets a variable of Bitnami's win over Kafka's, whatever their order", () => {
    const both = { KAFKA_NUM_PARTITIONS: "3", KAFKA_CFG_NUM_PARTITIONS: "5" };
    expect(settings(both)).toEqual({ "num.partitions": "5" });
    expect(settings(Object.fromEntries(Object.entries(both).reverse()))).toEqual({ "num.partitions": "5" });
  });

  test("keeps an empty text, which may be one, and no empty number", () => {
    expect(
      settings({
        KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: "",
        KAFKA_NUM_PARTITIONS: "",
        KAFKA_LISTENERS: "",
      }),
    ).toEqual({ "ssl.endpoint.identification.algorithm": "" });
  });

  test("holds nothing of what Kubernetes tells of a service called kafka", () => {
    expect(
      settings({
        KAFKA_PORT: "tcp://10.0.0.7:9092",
        KAFKA_PORT_9092_TCP: "tcp://10.0.0.7:9092",
        KAFKA_PORT_9092_TCP_ADDR: "10.0.0.7",
        KAFKA_SERVICE_HOST: "10.0.0.7",
        KAFKA_SERVICE_PORT_CLIENT: "9092",
        KAFKA_HEADLESS_SERVICE_HOST: "10.0.0.8",
      }),
    ).toEqual({});
  });
});

describe("a variable with _FILE behind its name", () => {
  test("takes the value from the file, without the line end", () => {
    expect(
      settings({
        KAFKA_MESSAGE_MAX_BYTES_FILE: "/run/secrets/size",
        KAFKA_CFG_LISTENER_NAME_A_PLAIN_SASL_JAAS_CONFIG_FILE: "/run/secrets/jaas",
      }),
    ).toEqual({ "message.max.bytes": "1048576", "listener.name.a.plain.sasl.jaas.config": "a;" });
  });

  test("is an error when there is no such file", () => {
    expect(() => settings({ KAFKA_NODE_ID_FILE: "/run/secrets/none" })).toThrow(
      "KAFKA_NODE_ID_FILE: no such file: /run/secrets/none",
    );
  });

  test("is an error when the value is set without it, too", () => {
    expect(() => settings({ KAFKA_NODE_ID: "1", KAFKA_NODE_ID_FILE: "/run/secrets/size" })).toThrow(
      "KAFKA_NODE_ID and KAFKA_NODE_ID_FILE are both set",
    );
  });

  test("is a name like others where Kafka has a config of that name, or none without it", () => {
    expect(
      settings({ KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE: "/a", KAFKA_PID_FILE: "/var/run/kafka.pid" }),
    ).toEqual({ "sasl.oauthbearer.assertion.file": "/a", "pid.file": "/var/run/kafka.pid" });
  });
});

describe("Confluent's image", () => {
  test.each(["KAFKA_ADVERTISED_PORT", "KAFKA_ADVERTISED_HOST", "KAFKA_HOST", "KAFKA_PORT"])(
    "refuses %s",
    (variable) => {
      expect(() => refuseOldVariables({ [variable]: "9092" })).toThrow(
        `Please use KAFKA_ADVERTISED_LISTENERS instead of ${variable}`,
      );
    },
  );

  test("doesn't refuse what Kubernetes has set", () => {
    expect(() => refuseOldVariables({ KAFKA_PORT: "tcp://10.0.0.7:9092" })).not.toThrow();
  });
});
