/**
 * How the image is configured, as people who come from other images do it.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { executable, removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { requires } from "../support/requirements.ts";
import { Container, type ContainerOptions, killContainers, newVolume } from "./container.ts";
import { buildImage, type Image } from "./layers.ts";

const { test, missing } = requires("containers");

let image: Image;
beforeAll(() => {
  if (missing === null) image = buildImage(temporaryFolder());
});
afterAll(async () => {
  await killContainers();
  removeTemporaryFolders();
});

async function ready(options: ContainerOptions): Promise<Container> {
  const container = await Container.start(image, options);
  await container.waitFor(/Kafka Server started/);
  return container;
}

/** The brokers that a client of a listener is told of, the client being in the container or outside. */
async function toldOf(container: Container, bootstrapServer: string, inside: boolean): Promise<string[]> {
  const words = ["health", "--bootstrap-server", bootstrapServer];
  const output = inside
    ? (await container.run("houska", ...words)).output
    : Bun.spawnSync([executable, ...words]).stdout.toString();
  return JSON.parse(output).brokers;
}

describe("a listener of which nothing is advertised", () => {
  test("is told of by the address that the client has for it", async () => {
    const container = await ready({});
    const { address, hostname } = container;

    expect(await toldOf(container, "127.0.0.1:9092", true)).toEqual(["1 at 127.0.0.1:9092"]);
    // As through a port that is published: the client comes from the gateway, or seems to be the container itself.
    expect(await toldOf(container, `${address}:9092`, false)).toEqual(["1 at localhost:9092"]);
    expect(await toldOf(container, `${hostname}:9092`, true)).toEqual(["1 at localhost:9092"]);
    await container.kill();
  });
});

describe("settings", () => {
  test("may come as arguments of the image's command", async () => {
    const container = await ready({
      command: ["/etc/kafka/docker/run", "KAFKA_NUM_PARTITIONS=7", "KAFKA_LOG4J_ROOT_LOGLEVEL=ERROR"],
    });

    expect((await container.run("cat", "/opt/kafka/config/server.properties")).output).toContain(
      "\nnum.partitions=7\n",
    );
    await container.kill();
  });

  test.each([
    "/mnt/shared/config/server.properties",
    "/bitnami/kafka/config/server.properties",
    "/opt/kafka/config/server.properties",
  ])("may come by a file that is mounted at %s, with the environment over it", async (place) => {
    const folder = temporaryFolder();
    const file = join(folder, "server.properties");
    writeFileSync(file, "node.id=5\nlisteners=PLAINTEXT://:19092\n");
    Bun.spawnSync(["chmod", "-R", "a+rX", folder]);
    const container = await ready({
      // A file by itself where the image has one, a folder elsewhere.
      volumes: place.startsWith("/opt") ? { [place]: file } : { [dirname(place)]: folder },
      environment: { KAFKA_NODE_ID: "6" },
    });

    expect(container.output()).toContain("Houska 0.1.0: node 6 of cluster");
    expect(container.output()).toContain("listening  PLAINTEXT on all interfaces:19092");
    expect(readFileSync(file, "utf8")).toBe("node.id=5\nlisteners=PLAINTEXT://:19092\n");
    await container.kill();
  });

  test("may be those of Kafka's own example, whose tools then work in the container", async () => {
    const container = await ready({
      environment: {
        KAFKA_NODE_ID: "1",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
          "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
        KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT_HOST://localhost:9092,PLAINTEXT://broker:19092",
        KAFKA_PROCESS_ROLES: "broker,controller",
        KAFKA_CONTROLLER_QUORUM_VOTERS: "1@broker:29093",
        KAFKA_LISTENERS: "CONTROLLER://:29093,PLAINTEXT_HOST://:9092,PLAINTEXT://:19092",
        KAFKA_INTER_BROKER_LISTENER_NAME: "PLAINTEXT",
        KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
        CLUSTER_ID: "4L6g3nShT-eMCtK--X86sw",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
        KAFKA_LOG_DIRS: "/tmp/kraft-combined-logs",
      },
      aliases: ["broker"],
    });
    const shell = async (script: string) => {
      const { code, output } = await container.run("sh", "-c", script);
      expect({ script, code, output }).toEqual({ script, code: 0, output });
      return output;
    };

    expect(await toldOf(container, "localhost:9092", true)).toEqual(["1 at localhost:9092"]);
    expect(await toldOf(container, "broker:19092", true)).toEqual(["1 at broker:19092"]);
    expect(container.output()).not.toMatch(/WARN|ERROR/);
    const [outside, inside] = ["--bootstrap-server localhost:9092", "--bootstrap-server broker:19092"];
    await shell(`/opt/kafka/bin/kafka-topics.sh --create --topic words ${outside}`);
    await shell(`echo one two | kafka-console-producer --topic words ${inside}`);
    const consumer = `kafka-console-consumer.sh --topic words --from-beginning --max-messages 1 ${outside}`;
    expect(await shell(consumer)).toContain("one two\n");
    expect(await shell(`kafka-run-class.sh org.apache.kafka.tools.TopicCommand --list ${inside}`)).toContain(
      "words\n",
    );
    await container.kill();
  });

  test("may have Bitnami's names", async () => {
    const container = await Container.start(image, {
      environment: {
        KAFKA_CFG_NODE_ID: "0",
        KAFKA_CFG_PROCESS_ROLES: "controller,broker",
        KAFKA_CFG_CONTROLLER_QUORUM_VOTERS: "0@kafka:9093",
        KAFKA_CFG_LISTENERS: "PLAINTEXT://:9092,CONTROLLER://:9093,EXTERNAL://:9094",
        KAFKA_CFG_ADVERTISED_LISTENERS: "PLAINTEXT://kafka:9092,EXTERNAL://localhost:9094",
        KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP:
          "CONTROLLER:PLAINTEXT,EXTERNAL:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        KAFKA_CFG_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
        KAFKA_KRAFT_CLUSTER_ID: "MkU3OEVBNTcwNTJENDM2Qk",
        ALLOW_PLAINTEXT_LISTENER: "yes",
      },
      aliases: ["kafka"],
    });
    await container.waitFor(/\[KafkaRaftServer nodeId=0\] Kafka Server started/);

    expect(container.output()).toContain("of cluster MkU3OEVBNTcwNTJENDM2Qk, ");
    expect(await toldOf(container, "localhost:9092", true)).toEqual(["0 at kafka:9092"]);
    expect(container.output()).not.toMatch(/WARN|ERROR/);
    await container.kill();
  });
});

test("the command of Confluent's image takes what its own takes", async () => {
  const container = await Container.start(image, {
    command: ["/etc/confluent/docker/run"],
    environment: { KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://localhost:9092", KAFKA_HOUSKA_ADMIN_PORT: "-1" },
  });
  await container.waitFor(/Kafka Server started/);

  expect((await container.run("cat", "/etc/kafka/kafka.properties")).output).toContain(
    "\nlisteners=PLAINTEXT://0.0.0.0:9092\n",
  );
  await container.kill();
});

test("every tool is on the PATH and in Kafka's folder, with .sh and without", async () => {
  const container = await Container.start(image, { command: ["sleep", "infinity"] });
  const { output } = await container.run("houska", "tool-names");
  const names = output.trim().split("\n");
  const paths = names.flatMap((name) => [name, `${name}.sh`, `/opt/kafka/bin/${name}.sh`]);

  expect(names).toContain("kafka-server-stop");
  expect(
    (await container.run("sh", "-c", 'for tool; do command -v "$tool"; done | wc -l', "sh", ...paths)).output,
  ).toBe(`${paths.length}\n`);
  await container.kill();
});

test("a root file system that is read-only is enough, with a place for temporary files", async () => {
  const container = await ready({ readOnly: true, volumes: { "/tmp": newVolume() } });

  expect((await container.run("touch", "/opt/kafka/config/x")).code).toBe(1);
  expect((await container.run(...image.healthCheck)).code).toBe(0);
  expect(await container.stop()).toBe(0);
});

test("Kafka's own scripts start and stop a broker in the container", async () => {
  const container = await Container.start(image, { command: ["sleep", "infinity"] });
  const config = "/opt/kafka/config/kraft/server.properties";
  const shell = async (script: string) => (await container.run("sh", "-c", script)).code;

  expect(await shell(`kafka-storage.sh format -t $(kafka-storage.sh random-uuid) -c ${config}`)).toBe(0);
  expect(await shell(`kafka-server-start.sh -daemon ${config}`)).toBe(0);
  expect(
    await shell(
      "until nc -z localhost 9092; do sleep 0.05; done; kafka-topics.sh --list --bootstrap-server localhost:9092",
    ),
  ).toBe(0);
  expect(await shell("kafka-server-stop.sh && while nc -z localhost 9092; do sleep 0.05; done")).toBe(0);
  await container.kill();
});
