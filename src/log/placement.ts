/**
 * In which log directory a partition begins that lies in none. A partition that has been there before may lie in a
 * directory that is offline, or that nobody has given to the broker this time: it must not begin anew in another, or
 * its records would seem to be gone.
 */
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { Uuid } from "../protocol/uuid.ts";
import type { LogDirectory } from "./log-directory.ts";

export class Placement {
  /** Directories under ids they no longer have: their partitions are here. */
  readonly #formerIds = new Set<Uuid>();
  /** Ids that nothing is known of, and that the console has heard of. */
  readonly #missing = new Set<Uuid>();

  constructor(
    private readonly directories: readonly LogDirectory[],
    private readonly logger: Logger,
  ) {}

  /** A partition that is said to lie in the directory with this id was found in one of these. */
  found(directoryId: Uuid | undefined): void {
    if (directoryId !== undefined && !this.#withId(directoryId)) this.#formerIds.add(directoryId);
  }

  /**
   * The directory asked for if it is online, else the one with the fewest partitions.
   *
   * @param name `<topic>-<partition>`
   * @param isNew whether the partition was just created, or may lose its records (`unclean.leader.election.enable`)
   * @throws KafkaError KAFKA_STORAGE_ERROR
   */
  choose(name: string, directoryId: Uuid | undefined, isNew: boolean): LogDirectory {
    const asked = this.#withId(directoryId);
    if (asked?.health.isOnline) return asked;
    const [emptiest] = this.directories
      .filter(({ health }) => health.isOnline)
      .sort((a, b) => a.hosted.size - b.hosted.size);
    if (!isNew) this.#refuseIfElsewhere(name, directoryId);
    if (emptiest) return emptiest;
    throw new KafkaError("KAFKA_STORAGE_ERROR", "No log directory is online");
  }

  #withId(directoryId: Uuid | undefined): LogDirectory | undefined {
    if (directoryId === undefined) return undefined;
    return this.directories.find((directory) => directory.directoryId === directoryId);
  }

  #refuseIfElsewhere(name: string, directoryId: Uuid | undefined): void {
    const offline = this.directories.find(({ health }) => !health.isOnline);
    if (offline) {
      throw new KafkaError(
        "KAFKA_STORAGE_ERROR",
        `${name} is in none of the log directories that are online, and ${offline.path} is offline`,
      );
    }
    if (directoryId === undefined || this.#formerIds.has(directoryId) || this.#withId(directoryId)) return;
    const reason = `${name} lies in the log directory with directory.id=${directoryId}, which is none of log.dirs`;
    if (!this.#missing.has(directoryId)) {
      this.#missing.add(directoryId);
      this.logger.error(
        `${reason}. Is a file system not mounted? Put the directory back and restart the broker. If it is gone for good, set unclean.leader.election.enable=true for the topics that were in it, and they begin anew.`,
      );
    }
    throw new KafkaError("KAFKA_STORAGE_ERROR", reason);
  }
}
