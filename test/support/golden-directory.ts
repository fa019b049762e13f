/**
 * The log directory that Apache Kafka 4.3.1 wrote: every compression, several segments, transactions committed and
 * aborted, groups of both protocols.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./broker-process.ts";

const archive = join(import.meta.dir, "..", "fixtures", "logdirs", "kafka-4.3.1.tar.gz");

/** Unpacks it into a folder that goes away with `removeTemporaryFolders`. Returns the log directory. */
export function unpackGoldenDirectory(): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const { exitCode, stderr } = Bun.spawnSync(["tar", "xzf", archive, "-C", folder]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return join(folder, "data");
}
