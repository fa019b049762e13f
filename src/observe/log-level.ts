/**
 * From which level on events are told.
 */
export type LogLevel = "debug" | "info" | "warn" | "error" | "off";

/** Log4j's names. Houska tells no traces, and nothing that is worse than an error. */
const levels: Readonly<Record<string, LogLevel>> = {
  ALL: "debug",
  TRACE: "debug",
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERROR: "error",
  FATAL: "off",
  OFF: "off",
};

/** The names that there are, in the order from all to nothing. */
export const logLevelNames: readonly string[] = Object.keys(levels);

/** The level that log4j has by that name, in any case; undefined where there is none. */
export function parseLogLevel(name: string): LogLevel | undefined {
  return levels[name.trim().toUpperCase()];
}
