/**
 * What configs hold, and the error of one that holds what it mustn't.
 */

/** A long is a bigint, so that 9223372036854775807 comes back as it was. */
export type ConfigValue = boolean | number | bigint | string | readonly string[];

/** A value that its key doesn't allow. The message is the one Kafka sends to clients. */
export class InvalidConfigError extends Error {
  override readonly name = "InvalidConfigError";

  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

/** A list as Java prints it: `[a, b]`. */
export const javaList = (elements: readonly string[]): string => `[${elements.join(", ")}]`;
