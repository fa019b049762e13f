/** A process that appends on the machine's own disk, killed with SIGKILL again and again. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { realDisk } from "../../../src/disk/real-disk.ts";
import { LogManager } from "../../../src/log/log-manager.ts";
import {
  consume,
  defaultConfig,
  removeDirectory,
  someTopicId,
  TestLogger,
  temporaryDirectory,
} from "./support.ts";

const writer = `
import { systemClock } from ${JSON.stringify(join(import.meta.dir, "../../../src/clock.ts"))};
import { realDisk } from ${JSON.stringify(join(import.meta.dir, "../../../src/disk/real-disk.ts"))};
import { LogManager } from ${JSON.stringify(join(import.meta.dir, "../../../src/log/log-manager.ts"))};
import { batchOf, client, defaultConfig, someTopicId, TestLogger } from ${JSON.stringify(join(import.meta.dir, "support.ts"))};
const manager = new LogManager({
  disk: realDisk,
  clock: systemClock,
  logger: new TestLogger(),
  directories: [{ path: process.argv[1] ?? "", directoryId: null }],
  configOf: () => ({ ...defaultConfig, segmentBytes: 20_000 }),
  topicIdOf: () => someTopicId,
  settings: { retentionCheckIntervalMs: 1e6, checkpointIntervalMs: 1, producerIdExpirationMs: 1e9, producerIdExpirationCheckIntervalMs: 1e9 },
});
manager.recover();
manager.start();
const log = manager.getOrCreate("a", 0, someTopicId);
for (let turn = 0; ; turn++) {
  const { lastOffset } = log.append(batchOf(1 + (turn % 3), { valueSize: turn % 500 }), client);
  process.stdout.write(lastOffset + "\\n");
  await new Promise((resolve) => setImmediate(resolve));
}`;

/** Lets the writer run until it has acknowledged so many appends, and kills it. Returns the last offset it acknowledged. */
async function runAndKill(directory: string, acknowledgements: number): Promise<number> {
  const child = Bun.spawn([process.execPath, "-e", writer, directory], { stdout: "pipe", stderr: "inherit" });
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk);
    if (text.split("\n").length > acknowledgements) child.kill("SIGKILL");
  }
  await child.exited;
  return Number(text.split("\n").at(-2));
}

test("whatever was acknowledged is there after a kill, in order and once, and the lock is free", async () => {
  const directory = temporaryDirectory();
  let acknowledged = -1;
  for (const acknowledgements of [1, 30, 100, 250]) {
    const last = await runAndKill(directory, acknowledgements);
    expect(last).toBeGreaterThan(acknowledged);
    acknowledged = last;
    const manager = new LogManager({
      disk: realDisk,
      clock: systemClock,
      logger: new TestLogger(),
      directories: [{ path: directory, directoryId: null }],
      configOf: () => defaultConfig,
      topicIdOf: () => someTopicId,
      settings: {
        retentionCheckIntervalMs: 1e6,
        checkpointIntervalMs: 1e6,
        producerIdExpirationMs: 1e9,
        producerIdExpirationCheckIntervalMs: 1e9,
      },
    });
    manager.recover();
    const log = manager.getOrCreate("a", 0, someTopicId);
    expect(log.logEndOffset).toBeGreaterThan(acknowledged);
    expect(consume(log).map(({ offset }) => offset)).toEqual(
      Array.from({ length: log.logEndOffset }, (_, offset) => offset),
    );
    // Without its files having been closed, the next start has to recover the log once more.
    if (acknowledgements < 100) log.abandon();
    await manager.shutdown();
  }
  removeDirectory(directory);
});
