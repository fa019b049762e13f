/**
 * What becomes of the data of containers: it outlives them, and whoever can't have it is told why.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { requires } from "../support/requirements.ts";
import { Container, type ContainerOptions, killContainers, newVolume } from "./container.ts";
import { buildImage, type Image } from "./layers.ts";
import { consume, produceAndConsume } from "./produce-and-consume.ts";

const { test, missing } = requires("containers");
const DATA = "/var/lib/kafka/data";
const DEFAULT_CLUSTER_ID = "5L6g3nShT-eMCtK--X86sw";
const OTHER_CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qk";
/** Clients of the tests connect to the container's own address, and not to a published port. */
const unpublished = { KAFKA_HOUSKA_PUBLISHED_HOST: "" };

let image: Image;
beforeAll(() => {
  if (missing === null) image = buildImage(temporaryFolder());
});
afterAll(async () => {
  await killContainers();
  removeTemporaryFolders();
});

async function ready(options: ContainerOptions): Promise<Container> {
  const environment = { ...unpublished, ...options.environment };
  const container = await Container.start(image, { ...options, environment });
  await container.waitFor(/Kafka Server started/);
  return container;
}

/** Waits until a container ends that can't start, and gives all that it says. */
async function refusal(options: ContainerOptions): Promise<string> {
  const container = await Container.start(image, options);
  expect(await container.exited).not.toBe(0);
  return container.output();
}

const clusterIdIn = (volume: string) =>
  /^cluster.id=(.*)$/m.exec(readFileSync(join(volume, "meta.properties"), "utf8"))?.[1];

describe("a volume", () => {
  test("has the records and the cluster's id when the container is replaced", async () => {
    const volumes = { [DATA]: newVolume() };
    const first = await ready({ volumes, environment: { CLUSTER_ID: OTHER_CLUSTER_ID } });
    await produceAndConsume(`${first.address}:9092`, "kept");
    expect(await first.stop()).toBe(0);

    const second = await ready({ volumes });
    expect(await consume(`${second.address}:9092`, "kept", 3)).toEqual(["one", "two", "three"]);
    expect(second.output()).toContain(`of cluster ${OTHER_CLUSTER_ID}, `);
    await second.kill();
    const third = await ready({ volumes });
    expect(await consume(`${third.address}:9092`, "kept", 3)).toEqual(["one", "two", "three"]);
    await third.kill();
  });

  test("that is new gets the usual id, and where it lies and how much space there is is said", async () => {
    const volume = newVolume();
    const container = await ready({ volumes: { [DATA]: volume } });
    await container.kill();

    expect(clusterIdIn(volume)).toBe(DEFAULT_CLUSTER_ID);
    expect(container.output()).toMatch(/^ {2}data {7}\/var\/lib\/kafka\/data, .* free$/m);
  });

  test("of another cluster is refused with both ids, the file and what to do", async () => {
    const volumes = { [DATA]: newVolume() };
    await (await ready({ volumes })).kill();

    const said = await refusal({ volumes, environment: { CLUSTER_ID: OTHER_CLUSTER_ID } });
    expect(said).toContain(
      `${DATA}/meta.properties: the directory is of cluster ${DEFAULT_CLUSTER_ID}, and the cluster id given is ` +
        `${OTHER_CLUSTER_ID}. Leave the cluster id out, or use another log directory`,
    );
  });

  test("may hold what belongs to others", async () => {
    const volume = newVolume();
    mkdirSync(join(volume, "lost+found"), { mode: 0o700 });
    mkdirSync(join(volume, "backup"));
    writeFileSync(join(volume, "README"), "not ours");
    const container = await ready({ volumes: { [DATA]: volume } });

    await produceAndConsume(`${container.address}:9092`);
    expect(container.output()).not.toMatch(/WARN|ERROR/);
    await container.kill();
  });

  test("that may not be written to is refused, and it is said whose it is", async () => {
    const said = await refusal({ volumes: { [DATA]: newVolume("0:0") } });

    expect(said).toContain(
      `${DATA} is of user 0 and group 0 with mode 0700, and this process is user 1000 of group 1000. ` +
        `Give it to this user (chown -R 1000 ${DATA})`,
    );
  });

  test("where another image has its data is taken", async () => {
    const volume = newVolume();
    const container = await ready({ volumes: { "/bitnami/kafka": volume } });
    await container.kill();
    expect(container.output()).toContain("The data goes to /bitnami/kafka/data, where something is mounted.");

    expect(clusterIdIn(join(volume, "data"))).toBe(DEFAULT_CLUSTER_ID);
  });
});

test("a platform may choose any user of the group root", async () => {
  const container = await ready({ user: "1234567:0", volumes: { [DATA]: newVolume("1234567:0") } });

  await produceAndConsume(`${container.address}:9092`);
  expect(await container.stop()).toBe(0);
});
