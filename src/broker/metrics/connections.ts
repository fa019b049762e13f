/**
 * Connections and what waits for them: Kafka's socket server, purgatory and fetch sessions.
 */
import type { DelayedFetches } from "../../api/fetch/delayed-fetches.ts";
import type { FetchSessions } from "../../api/fetch/sessions.ts";
import type { Listener } from "../../net/listener.ts";
import type { Family } from "../../observe/metrics/exposition.ts";
import { Bean, sample } from "./jmx-names.ts";

const sockets = new Bean("kafka.server", "socket-server-metrics");
const purgatory = new Bean("kafka.server", "DelayedOperationPurgatory");
const sessionCache = new Bean("kafka.server", "FetchSessionCache");

/** The families of connections. */
export function connectionFamilies(
  listeners: readonly Listener[],
  delayedFetches: DelayedFetches,
  fetchSessions: FetchSessions,
): Family[] {
  const perListener = (value: (listener: Listener) => number) =>
    listeners.map((listener) => sample(value(listener), { listener: listener.name }));
  return [
    sockets.values(
      "connection-count",
      "Connections that are open.",
      perListener(({ connections }) => connections),
    ),
    purgatory.values("PurgatorySize", "Requests that wait for something to happen.", [
      sample(delayedFetches.size, { delayedoperation: "Fetch" }),
    ]),
    sessionCache.values(
      "NumIncrementalFetchSessions",
      "Consumers of whom is remembered what they fetch.",
      fetchSessions.size,
    ),
  ];
}
