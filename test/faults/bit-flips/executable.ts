/**
 * The compiled broker on a directory in which a byte was flipped.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startBroker, temporaryFolder } from "../../support/broker-process.ts";
import { RawClient } from "../../support/raw-client.ts";
import { DIRECTORY } from "./disk-broker.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import { type Asked, Refusal } from "./verdict.ts";

/** Puts the disk's files into a folder, and starts the broker there. */
export async function openExecutable(disk: MemoryDisk): Promise<Asked> {
  const root = temporaryFolder();
  for (const file of disk.files()) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, disk.content(file));
  }
  // Nothing old is to go while it is read.
  const properties = { "log.cleaner.enable": "false", "log.initial.task.delay.ms": 3_600_000 };
  try {
    const broker = await startBroker({ logDirectory: join(root, DIRECTORY), properties });
    const client = await RawClient.connect(broker.port);
    return {
      request: (...question) => client.request(...question),
      get logged() {
        return broker.output().match(/^.* (WARN|ERROR) .*$/gm) ?? [];
      },
      async stop() {
        client.close();
        await broker.stop();
        rmSync(root, { recursive: true });
      },
    };
  } catch (error) {
    rmSync(root, { recursive: true });
    const message = error instanceof Error ? error.message : String(error);
    const reason = /houska can't start: (.*)/.exec(message)?.[1];
    // A refusal is a sentence, and not a stack of our own functions.
    if (reason === undefined || /\n +at /.test(message)) throw error;
    throw new Refusal(reason.replaceAll(root, ""));
  }
}
