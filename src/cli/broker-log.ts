/**
 * Where the broker's words go: events to standard output, from the level and in the form that arguments or environment
 * ask for. What it says when it has started is told in any case, as programs wait for it.
 */
import { parseLogLevel } from "../observe/log-level.ts";
import { createLogger, eventLine, type Logger } from "../observe/logger.ts";
import type { BrokerArguments } from "./arguments.ts";

export interface BrokerLog {
  readonly logger: Logger;
  readonly announce: {
    /** Lines for a person, as they are; an event each where programs read. */
    lines(lines: readonly string[]): void;
    events(messages: readonly string[]): void;
  };
  /** Why the broker can't start, to standard error. */
  failed(message: string): void;
}

/** The container image's name for the level is Kafka's own. */
const LEVEL_VARIABLE = "KAFKA_LOG4J_ROOT_LOGLEVEL";
const FORMAT_VARIABLE = "HOUSKA_LOG_FORMAT";

type Environment = Readonly<Record<string, string | undefined>>;

/** The log that is asked for; of arguments and environment, the arguments count. `print` is given whole lines. */
export function brokerLog(
  { logLevel, logFormat }: Pick<BrokerArguments, "logLevel" | "logFormat">,
  environment: Environment,
  print: (text: string) => void = printToStandardOutput,
): BrokerLog {
  const format = logFormat ?? (environment[FORMAT_VARIABLE]?.toLowerCase() === "json" ? "json" : "text");
  const said = environment[LEVEL_VARIABLE] || "INFO";
  const level = logLevel ?? parseLogLevel(said);
  const logger = createLogger(level ?? "info", print, now, format);
  if (level === undefined) logger.warn(`${LEVEL_VARIABLE}=${said} is no level; INFO is taken`);
  const events = (messages: readonly string[]) =>
    print(messages.map((message) => eventLine(format, "info", message, now())).join(""));
  return {
    logger,
    announce: {
      lines: (lines) => (format === "json" ? events(lines.map((line) => line.trim())) : print(joined(lines))),
      events,
    },
    failed(message) {
      process.stderr.write(format === "json" ? eventLine(format, "error", message, now()) : `${message}\n`);
    },
  };
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

let output: Bun.FileSink | undefined;

/**
 * Not by way of `process.stdout`, which takes a start three milliseconds to make. Whether somebody reads, and whether there
 * is room for it, is no business of the broker's.
 */
function printToStandardOutput(text: string): void {
  try {
    output ??= Bun.stdout.writer();
    output.write(text);
    const flushed = output.flush();
    if (flushed instanceof Promise) flushed.catch(() => undefined);
  } catch {
    // The reader has gone, or the disk is full.
  }
}

function now(): Date {
  return new Date();
}
