/**
 * All metrics of a broker in Prometheus's text format. They are read when somebody asks; between the parts, others have
 * their turn.
 */
import { version } from "../../../package.json" with { type: "json" };
import type { EventLoopLag } from "../../observe/metrics/event-loop-lag.ts";
import { type Family, familyPieces } from "../../observe/metrics/exposition.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { BrokerState, type WatchedBroker } from "../admin/watched-broker.ts";
import { connectionFamilies } from "./connections.ts";
import { groupFamilies } from "./groups.ts";
import { Bean, family, sample } from "./jmx-names.ts";
import { hostedBy, logFamilies } from "./logs.ts";
import { processFamilies } from "./process.ts";
import { replicaFamilies } from "./replicas.ts";
import { requestFamilies } from "./requests.ts";
import { trafficFamilies } from "./traffic.ts";
import { transactionFamilies } from "./transactions.ts";

/** So much is written before others have their turn. */
const CHARACTERS_PER_TURN = 64 * 1024;

const server = new Bean("kafka.server", "KafkaServer");

interface Sources {
  readonly state: BrokerState;
  /** Null as long as not all parts are there. */
  readonly broker: WatchedBroker | null;
  readonly nodeId: number;
  readonly lag: EventLoopLag;
  /** The clock of everything that is timed, in milliseconds. */
  readonly nowMs: () => number;
}

/** The text of all metrics. */
export async function metricsText(sources: Sources): Promise<string> {
  const pieces: string[] = [];
  let sinceTurn = 0;
  for await (const families of groupsOfFamilies(sources)) {
    for (const one of families) {
      for (const piece of familyPieces(one)) {
        pieces.push(piece);
        sinceTurn += piece.length;
        if (sinceTurn < CHARACTERS_PER_TURN) continue;
        sinceTurn = 0;
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }
  return pieces.join("");
}

async function* groupsOfFamilies({ state, broker, nodeId, lag, nowMs }: Sources): AsyncGenerator<Family[]> {
  yield [
    family("gauge", "kafka_server_app_info", "What runs here.", [sample(1, { id: nodeId, version })]),
    server.values(
      "BrokerState",
      "How far the broker is: 1 starting, 2 recovering, 3 running, 6 stopping.",
      BrokerState[state],
    ),
  ];
  yield processFamilies(lag.distribution, nowMs());
  if (broker === null) return;
  const { parts, logs, topicConfigs, listeners, disk } = broker;
  const { metadata, metrics, groups, transactions, clock } = parts;
  yield trafficFamilies(metrics.topics);
  if (metrics.requests !== null) yield requestFamilies(metrics.requests, nowMs());
  yield connectionFamilies(listeners, parts.delayedFetches, parts.fetchSessions);
  yield replicaFamilies({
    image: metadata.image,
    nodeId,
    minInsyncReplicas: (topic) => topicConfigs.of(topic).minInsyncReplicas,
    offlinePartitions: logs.directories.reduce(
      (sum, { health, hosted }) => sum + (health.isOnline ? 0 : hosted.size),
      0,
    ),
  });
  yield await logFamilies(logs, disk);
  yield unlessLoading(() => groupFamilies(groups.overview(), (topic, index) => hostedBy(logs, topic, index)));
  yield unlessLoading(() => transactionFamilies(transactions.list({}), clock.now()));
}

/** Until a coordinator has read its log nobody knows what is in it: there are no samples then. */
function unlessLoading(families: () => Family[]): Family[] {
  try {
    return families();
  } catch (error) {
    if (error instanceof KafkaError) return [];
    throw error;
  }
}
