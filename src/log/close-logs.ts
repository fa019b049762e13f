/**
 * Closing all logs and log directories, when a broker stops.
 */
import type { Logger } from "../observe/logger.ts";
import type { LogDirectory } from "./log-directory.ts";
import { inParallel } from "./parallel.ts";

/**
 * Flushes and closes every log, writes the checkpoints and says of each directory that it was closed cleanly, if it
 * was. Never rejects: what fails is logged, and recovered at the next start.
 *
 * @param parallelism logs that are flushed at a time
 * @param brokerEpoch the epoch the broker was registered with
 * @returns whether every directory was closed cleanly
 */
export async function closeLogs(
  directories: readonly LogDirectory[],
  parallelism: number,
  brokerEpoch: number,
  logger: Logger,
): Promise<boolean> {
  const logs = directories.flatMap(({ hosted }) => [...hosted.values()].flatMap(({ log }) => log ?? []));
  await inParallel(logs, parallelism, (log) =>
    log.close().catch((error: unknown) => {
      logger.error(`${log.directory} could not be closed: ${error}`);
      log.abandon();
    }),
  );
  let isComplete = true;
  for (const directory of directories) {
    const isClean = await directory.closeCleanly(brokerEpoch).catch((error: unknown) => {
      logger.error(`${directory.path} could not be closed: ${error}`);
      return false;
    });
    isComplete &&= isClean;
  }
  return isComplete;
}
