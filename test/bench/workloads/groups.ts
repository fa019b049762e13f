/**
 * Groups whose members heartbeat: a thousand at the pace of clients, and what one heartbeat costs among more and more.
 */
import type { BenchBroker } from "../brokers/broker.ts";
import { checkHeartbeat, settleGroups } from "../load/groups.ts";
import { sendPaced } from "../load/paced-load.ts";
import { produce } from "../load/produce-load.ts";
import { percentile } from "../statistics.ts";
import { type LoadWorkload, withCpu } from "../workload.ts";

const GROUPS = 1000;
/** What clients do by default. */
const HEARTBEAT_INTERVAL_S = 3;
const COUNTS = [1, 100, 10_000];
const HEARTBEATS = 20_000;

/** The heartbeats of each broker's groups, which live as long as it does. */
const frames = new WeakMap<BenchBroker, Buffer[]>();

async function heartbeats(broker: BenchBroker, groups: number): Promise<Buffer[]> {
  const known = frames.get(broker) ?? [];
  const missing = Array.from(
    { length: groups - known.length },
    (_, index) => `bench-${known.length + index}`,
  );
  if (missing.length > 0) known.push(...(await settleGroups(broker.port, missing)));
  frames.set(broker, known);
  return known.slice(0, groups);
}

export const groupsHeartbeating: LoadWorkload = {
  name: `groups-${GROUPS}`,
  what: `${GROUPS} groups of a member each, a heartbeat every ${HEARTBEAT_INTERVAL_S} s, a connection each`,
  metrics: [
    { name: "broker CPU", unit: "% of a core" },
    { name: "p50", unit: "ms" },
    { name: "p99", unit: "ms" },
  ],
  async run(broker, { scale }) {
    const load = {
      port: broker.port,
      frames: await heartbeats(broker, GROUPS),
      perSecond: GROUPS / HEARTBEAT_INTERVAL_S,
      seconds: Math.max(1, 3 * scale),
      check: checkHeartbeat,
    };
    const { result, brokerCpu, seconds } = await withCpu(broker, () => sendPaced(load));
    return {
      "broker CPU": (brokerCpu / seconds) * 100,
      p50: percentile(result, 0.5),
      p99: percentile(result, 0.99),
    };
  },
};

export const heartbeatGrowth: LoadWorkload = {
  name: "growth-groups",
  what: "heartbeats among so many groups, as many as the broker takes",
  rivals: [],
  most: 3,
  metrics: COUNTS.map((at) => ({
    name: `heartbeat, ${at}`,
    unit: "µs",
    curve: { of: "heartbeat", at },
  })),
  async run(broker) {
    const sample: Record<string, number> = {};
    for (const at of COUNTS) {
      const load = { port: broker.port, frames: await heartbeats(broker, at), check: checkHeartbeat };
      const spread = { ...load, connections: 4, inFlight: 5, requests: HEARTBEATS };
      const { brokerCpu } = await withCpu(broker, () => produce(spread));
      sample[`heartbeat, ${at}`] = (brokerCpu * 1e6) / HEARTBEATS;
    }
    return sample;
  },
};
