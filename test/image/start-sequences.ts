/**
 * How the Testcontainers modules start Kafka, as facts: what they set, what they put into the container once it has
 * an address, and what they wait for. Written from modules of testcontainers-java, -node, -go and -python.
 */
export interface StartSequence {
  readonly name: string;
  /** The port that clients connect to, from outside by another number. */
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the container runs until the script is there. */
  readonly command: readonly string[];
  readonly script: { readonly path: string; text(container: Addresses): string };
  /** The line that is waited for, or the ports. */
  readonly readyWhen: RegExp | readonly number[];
  /** Other names that the container has in its network. */
  readonly aliases?: readonly string[];
}

export interface Addresses {
  /** The number outside of `port`. */
  readonly mappedPort: number;
  readonly hostname: string;
}

const RUNNING = /.*Transitioning from RECOVERY to RUNNING.*/;
const OF_ZOOKEEPER_TIMES = /.*\[KafkaServer id=\d+\] started.*/;
const CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
const LONGEST = "9223372036854775807";

const waitThenRun = (script: string, run = script) => `while [ ! -f ${script} ]; do sleep 0.1; done; ${run}`;

const single = {
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
  KAFKA_LOG_FLUSH_INTERVAL_MESSAGES: LONGEST,
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
};
const transactions = { KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1" };
const kraft = {
  KAFKA_PROCESS_ROLES: "broker,controller",
  KAFKA_NODE_ID: "1",
  KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9094",
  KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
};

/** Who keeps the metadata: the broker, or ZooKeeper in the same container. */
type Mode = "KRaft" | "ZooKeeper";

/** What most modules set of the listeners: clients connect to 9093. */
function listeners(mode: Mode) {
  const controller = (text: string) => (mode === "KRaft" ? text : "");
  return {
    KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:9093,BROKER://0.0.0.0:9092${controller(",CONTROLLER://0.0.0.0:9094")}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: `BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT${controller(",CONTROLLER:PLAINTEXT")}`,
    KAFKA_INTER_BROKER_LISTENER_NAME: "BROKER",
    KAFKA_BROKER_ID: "1",
  };
}

function metadata(mode: Mode): Readonly<Record<string, string>> {
  return mode === "KRaft" ? { CLUSTER_ID, ...kraft } : { KAFKA_ZOOKEEPER_CONNECT: "localhost:2181" };
}

const STARTER = "/tmp/testcontainers_start.sh";
const appendFormat = (clusterId: string) =>
  `sed -i '/KAFKA_ZOOKEEPER_CONNECT/d' /etc/confluent/docker/configure\n` +
  `echo 'kafka-storage format --ignore-formatted -t ${clusterId} -c /etc/kafka/kafka.properties' >> /etc/confluent/docker/configure\n`;
const skipChecks = "echo '' > /etc/confluent/docker/ensure \n";
const startZooKeeper = (file: string) =>
  `echo 'clientPort=2181' > ${file}\necho 'dataDir=/var/lib/zookeeper/data' >> ${file}\n` +
  `echo 'dataLogDir=/var/lib/zookeeper/log' >> ${file}\nzookeeper-server-start ${file} &\n`;

/** org.testcontainers.kafka of testcontainers-java. Its listeners come in no particular order. */
function newerJava(name: string, run: string, listener?: string): StartSequence {
  const addresses = ["CONTROLLER://0.0.0.0:9094", "PLAINTEXT://0.0.0.0:9092", "BROKER://0.0.0.0:9093"];
  const map = ["PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT", "BROKER:PLAINTEXT"];
  if (listener !== undefined) {
    addresses.unshift(`TC-0://${listener}`);
    map.push("TC-0:PLAINTEXT");
  }
  return {
    name,
    port: 9092,
    environment: {
      CLUSTER_ID,
      KAFKA_LISTENERS: addresses.join(","),
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: map.join(","),
      KAFKA_INTER_BROKER_LISTENER_NAME: "BROKER",
      ...kraft,
      ...single,
      ...transactions,
    },
    command: ["sh", "-c", waitThenRun(STARTER)],
    script: {
      path: STARTER,
      text: ({ mappedPort, hostname }) => {
        const advertised = [`PLAINTEXT://localhost:${mappedPort}`, `BROKER://${hostname}:9093`];
        if (listener !== undefined) advertised.push(`TC-0://${listener}`);
        return `#!/bin/bash\nexport KAFKA_ADVERTISED_LISTENERS=${advertised}\n${run} \n`;
      },
    },
    readyWhen: RUNNING,
    ...(listener && { aliases: [listener.replace(/:.*/, "")] }),
  };
}

/** org.testcontainers.containers.KafkaContainer of testcontainers-java, which is deprecated. */
function olderJava(name: string, mode: Mode, before: string): StartSequence {
  const withController = mode === "KRaft";
  return {
    name,
    port: 9093,
    environment: {
      ...listeners(mode),
      ...single,
      ...transactions,
      ...metadata(mode),
    },
    command: ["sh", "-c", waitThenRun(STARTER)],
    script: {
      path: STARTER,
      text: ({ mappedPort, hostname }) =>
        `#!/bin/bash\nexport KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:${mappedPort},BROKER://${hostname}:9092\n` +
        `${before}/etc/confluent/docker/run \n`,
    },
    readyWhen: withController ? RUNNING : OF_ZOOKEEPER_TIMES,
  };
}

/** @testcontainers/kafka. */
function node(name: string, mode: Mode): StartSequence {
  const withController = mode === "KRaft";
  return {
    name,
    port: 9093,
    environment: {
      ...listeners(mode),
      KAFKA_ADVERTISED_LISTENERS: "BROKER://localhost:9092",
      KAFKA_CONFLUENT_SUPPORT_METRICS_ENABLE: "false",
      ...single,
      ...metadata(mode),
    },
    command: ["sh", "-c", `echo 'Waiting for script...'; ${waitThenRun(STARTER)}`],
    script: {
      path: STARTER,
      text: ({ mappedPort, hostname }) =>
        `#!/bin/bash\nexport KAFKA_ADVERTISED_LISTENERS=BROKER://${hostname}:9092,PLAINTEXT://localhost:${mappedPort}\n` +
        `${withController ? "" : skipChecks + startZooKeeper("zookeeper.properties")}/etc/confluent/docker/run \n`,
    },
    readyWhen: withController ? [9093] : [9093, 2181],
  };
}

/** modules/kafka of testcontainers-go. */
const go: StartSequence = {
  name: "testcontainers-go",
  port: 9093,
  environment: {
    ...listeners("KRaft"),
    KAFKA_REST_BOOTSTRAP_SERVERS: "PLAINTEXT://0.0.0.0:9093,BROKER://0.0.0.0:9092,CONTROLLER://0.0.0.0:9094",
    ...single,
    ...transactions,
    ...kraft,
  },
  command: [
    "sh",
    "-c",
    waitThenRun("/usr/sbin/testcontainers_start.sh", "bash /usr/sbin/testcontainers_start.sh"),
  ],
  script: {
    path: "/usr/sbin/testcontainers_start.sh",
    text: ({ mappedPort, hostname }) =>
      "#!/bin/bash\nsource /etc/confluent/docker/bash-config\n" +
      `export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:${mappedPort},BROKER://${hostname}:9092\n` +
      `echo Starting Kafka KRaft mode\n${appendFormat('"$(kafka-storage random-uuid)"')}` +
      `${skipChecks}/etc/confluent/docker/configure\n/etc/confluent/docker/launch`,
  },
  readyWhen: RUNNING,
};

/** testcontainers.community.kafka of testcontainers-python, which runs its script with sh. */
function python(name: string, mode: Mode): StartSequence {
  const withController = mode === "KRaft";
  const clusterId = "MkU3OEVBNTcwNTJENDM2Qk";
  const script = "/tc-start.sh";
  return {
    name,
    port: 9093,
    environment: {
      ...listeners(mode),
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
      KAFKA_LOG_FLUSH_INTERVAL_MESSAGES: "10000000",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      ...(withController && { CLUSTER_ID: clusterId, ...kraft }),
    },
    command: ["sh", "-c", waitThenRun(script, `sh ${script}`)],
    script: {
      path: script,
      text: ({ mappedPort }) =>
        `#!/bin/bash\n${
          withController
            ? appendFormat(clusterId)
            : `${startZooKeeper("zookeeper.properties")}export KAFKA_ZOOKEEPER_CONNECT='localhost:2181'\n`
        }export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:${mappedPort},BROKER://$(hostname -i):9092\n` +
        ". /etc/confluent/docker/bash-config\n/etc/confluent/docker/configure\n/etc/confluent/docker/launch",
    },
    readyWhen: withController ? /.*Kafka Server started.*/ : OF_ZOOKEEPER_TIMES,
  };
}

export const startSequences: readonly StartSequence[] = [
  newerJava("testcontainers-java, KafkaContainer", "/etc/kafka/docker/run"),
  newerJava(
    "testcontainers-java, KafkaContainer with a listener more",
    "/etc/kafka/docker/run",
    "kafka:19092",
  ),
  newerJava("testcontainers-java, ConfluentKafkaContainer", "/etc/confluent/docker/run"),
  olderJava("testcontainers-java, the older KafkaContainer", "KRaft", ""),
  olderJava(
    "testcontainers-java, the older KafkaContainer for older releases",
    "KRaft",
    skipChecks + appendFormat(`"${CLUSTER_ID}"`),
  ),
  olderJava(
    "testcontainers-java, the older KafkaContainer with ZooKeeper",
    "ZooKeeper",
    skipChecks + startZooKeeper("/tmp/zookeeper.properties"),
  ),
  node("testcontainers-node", "KRaft"),
  node("testcontainers-node with ZooKeeper", "ZooKeeper"),
  go,
  python("testcontainers-python", "KRaft"),
  python("testcontainers-python with ZooKeeper", "ZooKeeper"),
];
