/**
 * The health checks that people have written for Kafka's images, and the image's own: none says that all is well
 * before the broker is ready, and each does so then.
 */
import { afterAll, beforeAll, expect } from "bun:test";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { requires } from "../support/requirements.ts";
import { Container, killContainers } from "./container.ts";
import { buildImage, type Image } from "./layers.ts";
import { portChecks } from "./port-checks.ts";

const { test, missing } = requires("containers");

/** NAME stands for the container's host name. */
const shellChecks = [
  "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9092 --list",
  "kafka-topics --bootstrap-server NAME:9092 --list",
  "kafka-topics.sh --list --bootstrap-server localhost:9092",
  "unset JMX_PORT; kafka-topics.sh --bootstrap-server localhost:9092 --list",
  "kafka-broker-api-versions.sh --bootstrap-server localhost:9092",
  "kafka-broker-api-versions --bootstrap-server NAME:9092",
  "kafka-cluster.sh cluster-id --bootstrap-server NAME:9092",
  "nc -z localhost 9092",
  "nc -vz localhost 9092",
  "timeout 5 bash -c 'echo > /dev/tcp/NAME/9092'",
  "netstat -an | grep 9092",
  "netstat -ltn | grep -c :9092",
  "wget -q -O - http://localhost:9404/health/ready",
];

let image: Image;
let container: Container;
let checks: readonly (readonly string[])[];

beforeAll(async () => {
  if (missing !== null) return;
  image = buildImage(temporaryFolder());
  container = await Container.start(image, {
    command: ["sh", "-c", "while [ ! -f /tmp/go ]; do sleep 0.1; done; exec /etc/kafka/docker/run"],
  });
  checks = [
    image.healthCheck,
    ...shellChecks.map((check) => ["sh", "-c", check.replaceAll("NAME", container.hostname)]),
    ...portChecks(9092),
  ];
});
afterAll(async () => {
  await killContainers();
  removeTemporaryFolders();
});

test("no check passes before the broker is started", async () => {
  // As engines do, those that take too long count as failed.
  const run = checks.map(async (check) => ({ check, ...(await container.run("timeout", "2", ...check)) }));

  expect((await Promise.all(run)).filter(({ code }) => code === 0)).toEqual([]);
});

test("every check passes when it is ready", async () => {
  container.copyIn("/tmp/go", "", 0o644);
  await container.waitFor(/Transitioning from RECOVERY to RUNNING/);

  for (const check of checks) {
    const { code, output, milliseconds } = await container.run(...check);
    console.log(`${milliseconds.toFixed(0).padStart(5)} ms  ${check.join(" ")}`);
    expect({ check, code, output }).toEqual({ check, code: 0, output });
  }
});
