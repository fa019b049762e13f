/**
 * Runs workloads: the brokers take turns, so that what else the machine does falls on both.
 */
import { join } from "node:path";
import type { BenchBroker, BrokerKind } from "./brokers/broker.ts";
import { firstAnswer } from "./brokers/first-answer.ts";
import type { RunOptions, Sample, Workload } from "./workload.ts";

/** The JVM compiles what it runs often; before that it takes several times as much CPU. */
const WARM_UP_ROUNDS = 3;

export interface Measured {
  readonly workload: Workload;
  /** By the broker's name, a sample of each run. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

interface Plan extends RunOptions {
  readonly kinds: readonly BrokerKind[];
  readonly workloads: readonly Workload[];
  readonly runs: number;
  /** Where log directories may be made. */
  readonly folder: string;
  readonly onMeasured: (measured: Measured) => void;
}

/** Runs the plan's workloads one by one. */
export async function measure(plan: Plan): Promise<Measured[]> {
  const brokers = new Map<BrokerKind, BenchBroker>();
  const results: Measured[] = [];
  try {
    for (const workload of plan.workloads) {
      const measured = await measureOne(workload, plan, brokers);
      plan.onMeasured(measured);
      results.push(measured);
    }
  } finally {
    for (const broker of brokers.values()) await broker.stop();
  }
  return results;
}

async function measureOne(
  workload: Workload,
  plan: Plan,
  brokers: Map<BrokerKind, BenchBroker>,
): Promise<Measured> {
  const samples = new Map<string, Sample[]>(plan.kinds.map(({ name }) => [name, []]));
  const isLoad = "run" in workload;
  for (let round = isLoad ? 1 - WARM_UP_ROUNDS : 1; round <= plan.runs; round++) {
    for (const kind of plan.kinds) {
      const sample = isLoad
        ? await workload.run(await running(kind, plan, brokers), plan)
        : await workload.runAlone(kind, plan.folder, plan);
      if (round > 0) samples.get(kind.name)?.push(sample);
    }
  }
  return { workload, samples };
}

async function running(
  kind: BrokerKind,
  { folder }: Plan,
  brokers: Map<BrokerKind, BenchBroker>,
): Promise<BenchBroker> {
  const known = brokers.get(kind);
  if (known !== undefined) return known;
  const directory = join(folder, `load-${kind.name}`);
  await kind.format(directory);
  const broker = await kind.spawn(directory);
  brokers.set(kind, broker);
  await firstAnswer(broker);
  return broker;
}
