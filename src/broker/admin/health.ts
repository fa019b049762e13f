/**
 * Whether the broker is ready: whether a client could produce now.
 */
import type { BrokerState, WatchedBroker } from "./watched-broker.ts";

export interface Health {
  readonly status: "ready" | "not ready";
  readonly state: BrokerState;
  /** Why it isn't ready, a sentence each. */
  readonly reasons: readonly string[];
  /** What doesn't keep it from being ready, and wants looking at all the same. */
  readonly warnings: readonly string[];
  /** Where it listens, by the names of the listeners. */
  readonly listeners: Readonly<Record<string, string>>;
  /** How the log directories are: "online", or why not. */
  readonly logDirectories: Readonly<Record<string, string>>;
  readonly clusterId: string | null;
  readonly topics: number;
}

const states: Record<BrokerState, string> = {
  starting: "The broker is starting.",
  recovering: "The broker is starting: it recovers the logs that were not closed cleanly.",
  running: "",
  stopping: "The broker is stopping.",
};

/** @param broker null as long as not all parts are there */
export function healthOf(state: BrokerState, broker: WatchedBroker | null): Health {
  const reasons = state === "running" ? [] : [states[state]];
  const warnings: string[] = [];
  const directories = broker?.logs.directories ?? [];
  const failed = directories.filter(({ health }) => !health.isOnline);
  const sentences = failed.map(({ path, health }) => `Log directory ${path} is offline: ${health.reason}`);
  // With one that works, new topics find a place, and those that lie in it are served.
  if (failed.length > 0 && failed.length === directories.length) reasons.push(...sentences);
  else warnings.push(...sentences);
  const image = broker?.parts.metadata.image;
  return {
    status: reasons.length === 0 ? "ready" : "not ready",
    state,
    reasons,
    warnings,
    listeners: Object.fromEntries(
      (broker?.listeners ?? []).map(({ name, hostname, port }) => [name, `${hostname}:${port}`]),
    ),
    logDirectories: Object.fromEntries(
      directories.map(({ path, health }) => [path, health.isOnline ? "online" : `offline: ${health.reason}`]),
    ),
    clusterId: image?.clusterId ?? null,
    topics: image?.topicNames().length ?? 0,
  };
}
