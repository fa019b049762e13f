/**
 * What the broker says while it runs: one line an event.
 */
import type { LogLevel } from "./log-level.ts";

export type { LogLevel } from "./log-level.ts";

/** Lines for people, or a JSON object a line for programs. */
export type LogFormat = "text" | "json";
type EventLevel = Exclude<LogLevel, "off">;

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };

/**
 * A logger that writes a line an event through `write`, leaving out what lies below `level`.
 *
 * @example createLogger("info", (line) => process.stdout.write(line), () => new Date())
 */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void,
  now: () => Date,
  format: LogFormat = "text",
): Logger {
  const at = (eventLevel: EventLevel) => (message: string) => {
    if (order[eventLevel] >= order[level]) write(eventLine(format, eventLevel, message, now()));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** `[time] LEVEL message`, or `{"time":…,"level":…,"message":…}`; ended. */
export function eventLine(format: LogFormat, level: EventLevel, message: string, time: Date): string {
  const name = level.toUpperCase();
  if (format === "json") return `${JSON.stringify({ time: time.toISOString(), level: name, message })}\n`;
  const stamp = time.toISOString().replace("T", " ").replace("Z", "").replace(".", ",");
  return `[${stamp}] ${name} ${message}\n`;
}
