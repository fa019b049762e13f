/**
 * What the workloads that move many bytes have in common: their figures.
 */
import type { BenchBroker } from "../brokers/broker.ts";
import type { LoadResult } from "../load/produce-load.ts";
import { residentMib } from "../process-usage.ts";
import { percentile } from "../statistics.ts";
import { type Metric, perGib, type Sample, withCpu } from "../workload.ts";

const MIB = 1024 ** 2;

/**
 * @param atMost the target for CPU per GiB, as a ratio
 * @param more about that figure
 */
export function throughputMetrics(atMost: number, more: Partial<Metric> = {}): Metric[] {
  return [
    { name: "broker CPU", unit: "s/GiB", atMost, ...more },
    { name: "throughput", unit: "MiB/s" },
    { name: "p50", unit: "ms" },
    { name: "p99", unit: "ms" },
    { name: "memory before", unit: "MiB" },
    { name: "memory after", unit: "MiB", atMost: 1 / 5 },
    { name: "load's own CPU", unit: "s/GiB" },
  ];
}

/** Runs a load and tells those figures of it. */
export async function throughputOf(broker: BenchBroker, run: () => Promise<LoadResult>): Promise<Sample> {
  const before = residentMib(broker.pid);
  const { result, brokerCpu, loadCpu } = await withCpu(broker, run);
  return {
    "broker CPU": perGib(brokerCpu, result.bytes),
    throughput: result.bytes / MIB / result.seconds,
    p50: percentile(result.latenciesMs, 0.5),
    p99: percentile(result.latenciesMs, 0.99),
    "memory before": before,
    "memory after": residentMib(broker.pid),
    "load's own CPU": perGib(loadCpu, result.bytes),
  };
}
