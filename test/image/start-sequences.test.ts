/**
 * The image is started as the Testcontainers modules start Kafka's, and a client then finds it where they say.
 */
import { afterAll, beforeAll, expect } from "bun:test";
import { accepts, removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { requires } from "../support/requirements.ts";
import { Container, killContainers } from "./container.ts";
import { buildImage, type Image } from "./layers.ts";
import { portChecks } from "./port-checks.ts";
import { produceAndConsume } from "./produce-and-consume.ts";
import { type StartSequence, startSequences } from "./start-sequences.ts";

const { test, missing } = requires("containers");

let image: Image;
beforeAll(() => {
  if (missing === null) image = buildImage(temporaryFolder());
});
afterAll(async () => {
  await killContainers();
  removeTemporaryFolders();
});

const READY = /Transitioning from RECOVERY to RUNNING/;

/** Does what the module does, up to the moment when it gives the container to its user. */
async function start({ environment, command, aliases = [], script, port, readyWhen }: StartSequence) {
  const container = await Container.start(image, { environment, command, aliases });
  const mappedPort = await container.publish(port);
  const copiedAtMs = Date.now();
  container.copyIn(script.path, script.text({ mappedPort, hostname: container.hostname }), 0o777);
  if (readyWhen instanceof RegExp) await container.waitFor(readyWhen);
  else for (const one of readyWhen) await portIsBound(container, one, await container.publish(one));
  return { container, mappedPort, copiedAtMs };
}

/** As testcontainers-node looks for it: from outside, and inside with whichever command works. */
async function portIsBound(container: Container, port: number, mappedPort: number): Promise<void> {
  await eventually(async () => {
    const inside = await Promise.all(portChecks(port).map((command) => container.run(...command)));
    if (!inside.some(({ code }) => code === 0) || !(await accepts(mappedPort)))
      throw new Error(`port ${port} is not bound:\n${container.output()}`);
  });
}

test.each(startSequences.map((sequence) => [sequence.name, sequence] as const))(
  "%s starts it, and a client produces and consumes",
  async (name, sequence) => {
    const { container, mappedPort, copiedAtMs } = await start(sequence);
    await produceAndConsume(`localhost:${mappedPort}`);

    const readyMs = container.millisecondsTo(READY, copiedAtMs);
    console.log(`${name}: ready ${readyMs} ms after its script was there`);
    for (const line of [READY, /Kafka Server started/]) expect(container.count(line)).toBe(1);
    const withZooKeeper = name.includes("ZooKeeper") ? 1 : 0;
    expect(container.count(/\[KafkaServer id=\d+\] started/)).toBe(withZooKeeper);
    await container.kill();
  },
);

test("without anything said, it is ready at once, and stops when it is told to", async () => {
  const container = await Container.start(image);
  await container.waitFor(READY);

  console.log(`the image's own command: ready ${container.millisecondsTo(READY)} ms after its start`);
  expect(await container.stop()).toBe(0);
});
