/**
 * What the broker says while it runs: one line an event.
 */
export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * A logger that writes lines `[time] LEVEL message` through `write`, leaving out what lies below `level`.
 *
 * @example createLogger("info", (line) => process.stdout.write(line), () => new Date())
 */
export function createLogger(level: LogLevel, write: (line: string) => void, now: () => Date): Logger {
  const at = (lineLevel: LogLevel) => (message: string) => {
    if (order[lineLevel] < order[level]) return;
    const time = now().toISOString().replace("T", " ").replace("Z", "").replace(".", ",");
    write(`[${time}] ${lineLevel.toUpperCase()} ${message}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
