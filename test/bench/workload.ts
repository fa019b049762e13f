/**
 * What a workload is: something to do to a broker, what it measures, and how much better Houska is to be.
 */
import type { BenchBroker, BrokerKind, Rival } from "./brokers/broker.ts";
import { cpuSeconds } from "./process-usage.ts";

/** A figure of a workload. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** Houska's figure divided by Apache Kafka's is to be at most, or at least, this. */
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Houska's figure divided by that of kfake, which writes to no disk, is to be at most this. */
  readonly atMostOfKfake?: number;
  /** Houska's figure itself is to be at most, or at least, this. */
  readonly limit?: number;
  readonly minimum?: number;
  /** Where the figure is drawn: on this curve, at this place of the axis. */
  readonly curve?: { readonly of: string; readonly at: number };
}

/** What one run gave: a value for each metric of its workload. */
export type Sample = Readonly<Record<string, number>>;

export interface RunOptions {
  /** 1, or less for a first look: a factor on the amount of work. */
  readonly scale: number;
}

interface Described {
  readonly name: string;
  /** What is done, in a line. */
  readonly what: string;
  readonly metrics: readonly Metric[];
  /** What Houska is measured beside; Apache Kafka, if not said. */
  readonly rivals?: readonly Rival[];
  /** Measured runs, where as many as asked for would take too long. */
  readonly most?: number;
}

/** Runs on brokers that go on running. */
export interface LoadWorkload extends Described {
  readonly run: (broker: BenchBroker, options: RunOptions) => Promise<Sample>;
}

/** Starts brokers of its own. */
export interface StartWorkload extends Described {
  readonly runAlone: (kind: BrokerKind, folder: string, options: RunOptions) => Promise<Sample>;
}

export type Workload = LoadWorkload | StartWorkload;

const GIB = 1024 ** 3;

/** Runs something and tells what CPU it took of the broker, and of this process, in seconds. */
export async function withCpu<T>(
  { pid }: BenchBroker,
  run: () => Promise<T>,
): Promise<{ result: T; brokerCpu: number; loadCpu: number; seconds: number }> {
  const before = cpuSeconds(pid);
  const loadBefore = cpuSeconds(process.pid);
  const started = performance.now();
  const result = await run();
  const seconds = (performance.now() - started) / 1000;
  return {
    result,
    seconds,
    brokerCpu: cpuSeconds(pid) - before,
    loadCpu: cpuSeconds(process.pid) - loadBefore,
  };
}

export function perGib(seconds: number, bytes: number): number {
  return (seconds * GIB) / bytes;
}
