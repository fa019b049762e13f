/**
 * Whether a log directory can be written to. The first failed write or flush takes it offline, as in Kafka: nothing is
 * acknowledged from then on, because nobody knows what is on the device. What was read before can still be read.
 */
import { isDiskError } from "../disk/disk.ts";
import { KafkaError } from "../protocol/errors.ts";

/** Out of descriptors: the fault of too many connections or too low a limit, not of the disk. */
const PASSING = new Set(["EMFILE", "ENFILE"]);

export class DirectoryHealth {
  #reason: string | null = null;
  /** What could not be read, and was told. */
  readonly #unreadable = new Set<string>();

  /**
   * @param onFailure called once, with what happened and the system's error code
   * @param onUnreadable called with what could not be read and why, once for each log
   */
  constructor(
    readonly directory: string,
    private readonly onFailure: (reason: string, code: string) => void,
    private readonly onUnreadable: (reason: string) => void = () => undefined,
  ) {}

  get isOnline(): boolean {
    return this.#reason === null;
  }

  /** Why the directory is offline, or null. */
  get reason(): string | null {
    return this.#reason;
  }

  /** @throws KafkaError KAFKA_STORAGE_ERROR when the directory is offline */
  check(): void {
    if (this.#reason !== null) {
      throw new KafkaError(
        "KAFKA_STORAGE_ERROR",
        `Log directory ${this.directory} is offline: ${this.#reason}`,
      );
    }
  }

  /**
   * Takes the directory offline if the error is the system's (unless it will pass). Returns the error to throw:
   * KAFKA_STORAGE_ERROR for one of the system's, any other as it is.
   *
   * @param what was being done, as in "while appending to a-0"
   */
  failed(error: unknown, what: string): unknown {
    if (!isDiskError(error)) return error;
    const reason = `${error.message} (${what})`;
    if (this.#reason === null && !PASSING.has(error.code)) {
      this.#reason = reason;
      this.onFailure(reason, error.code);
    }
    return new KafkaError("KAFKA_STORAGE_ERROR", `Log directory ${this.directory} failed: ${reason}`);
  }

  /**
   * The error to throw when something could not be read: KAFKA_STORAGE_ERROR for one of the system's, any other as it
   * is. What could be written may still be written.
   */
  unreadable(error: unknown, what: string): unknown {
    if (!isDiskError(error)) return error;
    const reason = `${error.message} (${what})`;
    // Of a directory that is offline the console has heard already.
    if (this.isOnline && !PASSING.has(error.code) && !this.#unreadable.has(what)) {
      this.#unreadable.add(what);
      this.onUnreadable(reason);
    }
    return new KafkaError("KAFKA_STORAGE_ERROR", `Log directory ${this.directory}: ${reason}`);
  }

  /** Runs something that reads. See `unreadable` for what it throws. */
  reading<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw this.unreadable(error, what);
    }
  }

  /** Runs something that writes to the directory. See `check` and `failed` for what it throws. */
  guard<T>(what: string, run: () => T): T {
    this.check();
    try {
      return run();
    } catch (error) {
      throw this.failed(error, what);
    }
  }
}
