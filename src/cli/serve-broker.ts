/**
 * The broker's life: started, told to stop, put away.
 */
import { version } from "../../package.json" with { type: "json" };
import { StartError } from "../broker/start-error.ts";
import { type RunningBroker, startBroker } from "../broker.ts";
import { ConfigError } from "../config/load.ts";
import type { BrokerArguments } from "./arguments.ts";
import { type BrokerLog, brokerLog } from "./broker-log.ts";
import { kafkaLines } from "./kafka-lines.ts";
import { loadConfig } from "./load-config.ts";
import { startupLines } from "./startup-lines.ts";

/** Signals this close to the first are taken for the same one. */
const SAME_SIGNAL_MS = 1000;

/** Serves until a signal comes. Resolves to the exit code: 1 where the broker can't start, with the reason on standard error. */
export async function serveBroker(parsed: BrokerArguments): Promise<number> {
  const log = brokerLog(parsed, process.env);
  const { logger } = log;
  const stopped = stopSignal();
  let broker: RunningBroker;
  try {
    broker = await start(parsed, log);
  } catch (error) {
    log.failed(explanation(error));
    return 1;
  }
  const signal = await stopped;
  logger.info(`${signal}: stopping`);
  if (await broker.stop()) {
    logger.info("Stopped; everything is on disk.");
    return 0;
  }
  logger.error(
    "Stopped; but a log directory was not closed cleanly, as said above, and is recovered at the next start.",
  );
  return 1;
}

async function start(parsed: BrokerArguments, { logger, announce }: BrokerLog): Promise<RunningBroker> {
  const { config, warnings } = await loadConfig(parsed.propertiesFile, parsed.overrides);
  for (const warning of warnings) logger.warn(warning);
  const broker = await startBroker(config, logger, parsed.identity);
  announce.lines(startupLines(version, config, broker));
  if (parsed.announce === "kafka") announce.events(kafkaLines(config));
  return broker;
}

/**
 * Resolves to the name of the first signal that asks the process to end. One that comes later ends it at once, for
 * somebody who won't wait; but not one that comes together with the first, as where a terminal and npm both send theirs.
 */
function stopSignal(): Promise<string> {
  let firstMs: number | null = null;
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        const nowMs = performance.now();
        firstMs ??= nowMs;
        if (nowMs - firstMs > SAME_SIGNAL_MS) process.exit(1);
        resolve(signal);
      });
    }
  });
}

/** What is said on standard error: a sentence where the reason is known, the whole error where it is a mistake of ours. */
function explanation(error: unknown): string {
  if (error instanceof ConfigError) return `The configuration is wrong:\n${error.message}`;
  if (error instanceof StartError) return `houska can't start: ${error.message}`;
  const trace = error instanceof Error ? error.stack : undefined;
  return `houska can't start: ${trace ?? messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
