/**
 * Opening the logs that were not closed cleanly when a broker starts, which recovers them.
 */
import type { Clock } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { Hosted } from "./log-directory.ts";
import type { Steps } from "./steps.ts";

/** Recovery that takes longer says how far it is. */
const PROGRESS_AFTER_MS = 1000;

/**
 * Opens one after the other, in steps, and says how far it is if that takes long. A directory that fails meanwhile is
 * left, and says so itself.
 *
 * @throws KafkaError KAFKA_STORAGE_ERROR when none is left that works
 */
export function* recoverLogs(
  unclean: readonly Hosted[],
  open: (hosted: Hosted) => Steps<void>,
  clock: Clock,
  logger: Logger,
): Steps<void> {
  let told = clock.now();
  for (const [done, hosted] of unclean.entries()) {
    if (hosted.directory.health.isOnline) yield* openOne(hosted, open);
    if (clock.now() - told >= PROGRESS_AFTER_MS) {
      told = clock.now();
      logger.info(`The broker was not stopped cleanly: ${done + 1} of ${unclean.length} logs are checked`);
    }
    yield;
  }
}

function* openOne(hosted: Hosted, open: (hosted: Hosted) => Steps<void>): Steps<void> {
  try {
    yield* open(hosted);
  } catch (error) {
    if (!(error instanceof KafkaError) || hosted.directory.health.isOnline) throw error;
  }
}
