/**
 * Why the broker can't start, in a sentence for the person who starts it.
 */
import { isDiskError } from "../disk/disk.ts";
import { DirectoryInUseError } from "../log/directory-locks.ts";
import { MetadataError } from "../metadata/metadata-error.ts";
import { ListenError } from "../net/errors.ts";
import { KafkaError } from "../protocol/errors.ts";
import { noAccessText } from "./no-access.ts";

export class StartError extends Error {
  override readonly name = "StartError";
}

/** The error to tell of: a StartError where the reason lies outside the program, the error itself where it doesn't. */
export function startErrorOf(error: unknown): unknown {
  if (error instanceof DirectoryInUseError) {
    return new StartError(`${error.message}. Stop that one first, or give this broker a log.dirs of its own`);
  }
  if (error instanceof MetadataError || error instanceof ListenError) return new StartError(error.message);
  if (error instanceof KafkaError && error.errorName === "KAFKA_STORAGE_ERROR") {
    return new StartError(error.message);
  }
  if (isDiskError(error)) {
    const why = noAccessText(error) ?? "log.dirs must be writable by this user, with space left";
    return new StartError(`${error.message}. ${why}`);
  }
  return error;
}
