import { describe, expect, test } from "bun:test";
import { dataDirectory } from "../../../../src/cli/configure/data-directory.ts";
import { missingConfigs } from "../../../../src/cli/configure/defaults.ts";
import { loadServerConfig } from "../../../../src/config/load.ts";

type Configs = Readonly<Record<string, string>>;

const missing = (given: Configs) =>
  Object.fromEntries(missingConfigs(new Map(Object.entries(given)), "/data"));

/** The configuration that the given configs make together with the defaults. */
function configuration(given: Configs) {
  const text = Object.entries({ ...missing(given), ...given })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  return loadServerConfig({ file: { path: "server.properties", text }, overrides: [] }).config;
}

/** `NAME host:port` of each listener for clients. */
const clientListeners = (given: Configs) =>
  configuration(given)
    .listeners.filter(({ controller }) => !controller)
    .map(({ name, host, port }) => `${name} ${host}:${port}`);

describe("a container of which nobody says anything", () => {
  test("has the configuration of Kafka's image, but for what is advertised", () => {
    expect(missing({})).toMatchObject({
      "process.roles": "broker,controller",
      "node.id": "1",
      "controller.quorum.voters": "1@localhost:9093",
      listeners: "PLAINTEXT://:9092,CONTROLLER://:9093",
      "controller.listener.names": "CONTROLLER",
      "log.dirs": "/data",
      "offsets.topic.replication.factor": "1",
      "transaction.state.log.replication.factor": "1",
      "transaction.state.log.min.isr": "1",
    });
    expect(clientListeners({})).toEqual(["PLAINTEXT :9092"]);
    expect(configuration({}).advertisedListeners.get("PLAINTEXT")).toBeNull();
  });
});

describe("one setting", () => {
  test("takes away no default but its own", () => {
    const without = missing({});
    delete without["offsets.topic.replication.factor"];
    expect(missing({ "offsets.topic.replication.factor": "2" })).toEqual(without);
  });

  test("leaves the number of the node to broker.id, and the data to log.dir", () => {
    const added = missing({ "broker.id": "4", "log.dir": "/elsewhere" });
    expect(added).not.toHaveProperty("node.id");
    expect(added).not.toHaveProperty("log.dirs");
    expect(added["controller.quorum.voters"]).toBe("4@localhost:9093");
  });
});

describe("listeners", () => {
  test("are where the advertised ones are, on every interface", () => {
    const advertised = "PLAINTEXT://kafka:29092,HOST://localhost:9092,SIX://[::1]:9094";
    expect(clientListeners({ "advertised.listeners": advertised })).toEqual([
      "PLAINTEXT 0.0.0.0:29092",
      "HOST 0.0.0.0:9092",
      "SIX 0.0.0.0:9094",
    ]);
  });

  test("get the controller's, where it is named and not advertised", () => {
    const given = { "advertised.listeners": "A://h:9093", "controller.listener.names": "CONTROLLER" };
    expect(missing(given).listeners).toBe("A://0.0.0.0:9093,CONTROLLER://0.0.0.0:9094");
    expect(missing({ ...given, "controller.quorum.voters": "1@kafka:29093" }).listeners).toBe(
      "A://0.0.0.0:9093,CONTROLLER://0.0.0.0:29093",
    );
  });

  test("that are given are as they are, and one called CONTROLLER is the controller's", () => {
    expect(clientListeners({ listeners: "PLAINTEXT://:19092" })).toEqual(["PLAINTEXT :19092"]);
    expect(clientListeners({ listeners: "PLAINTEXT://:19092,CONTROLLER://:19093" })).toEqual([
      "PLAINTEXT :19092",
    ]);
    expect(missing({ listeners: "PLAINTEXT://:19092,CONTROLLER://:19093" })["controller.quorum.voters"]).toBe(
      "1@localhost:19093",
    );
  });

  test("with names of their own are plain text, unless they sound secure", () => {
    expect(missing({ listeners: "INSIDE://:1" })["listener.security.protocol.map"]).toContain(
      "INSIDE:PLAINTEXT",
    );
    expect(missing({ listeners: "SASL_INSIDE://:1" })).not.toHaveProperty("listener.security.protocol.map");
    expect(missing({ listeners: "A://:1", "listener.security.protocol.map": "A:SSL" })).not.toHaveProperty(
      "listener.security.protocol.map",
    );
  });
});

describe("the data directory", () => {
  const mounts = (paths: readonly string[]) =>
    ["/", "/proc", ...paths].map((path) => `23 1 0:21 / ${path} rw shared:12 - ext4 /dev/a rw\n`).join("");
  /** With volumes mounted at `mounted`, and the file that says that there is data in each of `used`. */
  const among = (mounted: readonly string[], ...used: string[]) =>
    dataDirectory({
      exists: (path) => used.some((directory) => path === `${directory}/meta.properties`),
      mountInfo: mounts(mounted),
    });

  test("is the volume that the image declares", () => {
    expect(among([])).toBe("/var/lib/kafka/data");
    expect(among(["/tmp", "/var/lib/kafka/data", "/bitnami-of-others"])).toBe("/var/lib/kafka/data");
  });

  test("is where another image has it, when something is mounted there", () => {
    expect(among(["/var/lib/kafka/data", "/bitnami"])).toBe("/bitnami/kafka/data");
    expect(among(["/bitnami/kafka/data"])).toBe("/bitnami/kafka/data");
    expect(among(["/tmp/kraft-combined-logs"])).toBe("/tmp/kraft-combined-logs");
  });

  test("is the one with data, above all", () => {
    expect(among(["/bitnami"], "/var/lib/kafka/data")).toBe("/var/lib/kafka/data");
    expect(among(["/tmp/kraft-combined-logs"], "/tmp/kafka-logs")).toBe("/tmp/kafka-logs");
  });
});
