/**
 * Runs workloads: the brokers take turns, so that what else the machine does falls on both.
 */
import { join } from "node:path";
import type { BenchBroker, BrokerKind } from "./brokers/broker.ts";
import { firstAnswer } from "./brokers/first-answer.ts";
import type { RunOptions, Sample, Workload } from "./workload.ts";

/** The JVM compiles what it runs often; before that it takes several times as much CPU. */
const WARM_UP_ROUNDS = 2;

export interface Measured {
  readonly workload: Workload;
  /** By the broker's name, a sample of each run. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** How long all of it took. */
  readonly seconds: number;
}

interface Plan extends RunOptions {
  readonly kinds: readonly BrokerKind[];
  readonly workloads: readonly Workload[];
  readonly runs: number;
  /** Where log directories may be made. */
  readonly folder: string;
  readonly onMeasured: (measured: Measured) => void;
  /** A workload could not be brought to its end; the others go on, with brokers of their own. */
  readonly onFailed: (workload: Workload, error: unknown) => void;
}

/** Runs the plan's workloads one by one. */
export async function measure(plan: Plan): Promise<Measured[]> {
  const brokers = new Map<BrokerKind, BenchBroker>();
  const results: Measured[] = [];
  try {
    for (const workload of plan.workloads) {
      try {
        const measured = await measureOne(workload, plan, brokers);
        plan.onMeasured(measured);
        results.push(measured);
      } catch (error) {
        plan.onFailed(workload, error);
        await killAll(brokers);
      }
    }
  } finally {
    await killAll(brokers);
  }
  return results;
}

async function killAll(brokers: Map<BrokerKind, BenchBroker>): Promise<void> {
  for (const broker of brokers.values()) await broker.kill();
  brokers.clear();
}

async function measureOne(
  workload: Workload,
  plan: Plan,
  brokers: Map<BrokerKind, BenchBroker>,
): Promise<Measured> {
  const kinds = plan.kinds.filter(({ name }) => takesPart(workload, name));
  const started = performance.now();
  const samples = new Map<string, Sample[]>(kinds.map(({ name }) => [name, []]));
  const isLoad = "run" in workload;
  const runs = Math.min(plan.runs, workload.most ?? plan.runs);
  for (let round = isLoad ? 1 - WARM_UP_ROUNDS : 1; round <= runs; round++) {
    for (const kind of kinds) {
      const sample = isLoad
        ? await workload.run(await running(kind, plan, brokers), plan)
        : await workload.runAlone(kind, plan.folder, plan);
      if (round > 0) samples.get(kind.name)?.push(sample);
    }
  }
  return { workload, samples, seconds: (performance.now() - started) / 1000 };
}

function takesPart({ rivals = ["Kafka"] }: Workload, name: BrokerKind["name"]): boolean {
  return name === "Houska" || rivals.includes(name);
}

let started = 0;

async function running(
  kind: BrokerKind,
  { folder }: Plan,
  brokers: Map<BrokerKind, BenchBroker>,
): Promise<BenchBroker> {
  const known = brokers.get(kind);
  if (known !== undefined) return known;
  const directory = join(folder, `load-${kind.name}-${started++}`);
  await kind.format(directory);
  const broker = await kind.spawn(directory);
  brokers.set(kind, broker);
  await firstAnswer(broker);
  return broker;
}
