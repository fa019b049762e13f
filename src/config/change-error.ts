/**
 * Why a change of configs is refused, as Kafka says it. The config folder knows no protocol: callers turn the name
 * into an error code.
 */

import { type ConfigValue, InvalidConfigError } from "./config-value.ts";
import type { Definition } from "./definition.ts";
import { parseConfig } from "./value.ts";

export class ConfigChangeError extends Error {
  override readonly name = "ConfigChangeError";

  constructor(
    readonly errorName: "INVALID_CONFIG" | "INVALID_REQUEST",
    message: string,
  ) {
    super(message);
  }
}

export const invalidConfig = (message: string) => new ConfigChangeError("INVALID_CONFIG", message);
export const invalidRequest = (message: string) => new ConfigChangeError("INVALID_REQUEST", message);

/** A value of a change. @throws ConfigChangeError INVALID_CONFIG where it is wrong */
export function checkedValue(definition: Definition, text: string): ConfigValue {
  try {
    return parseConfig(definition, text);
  } catch (error) {
    if (error instanceof InvalidConfigError) throw invalidConfig(error.message);
    throw error;
  }
}
