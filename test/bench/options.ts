/**
 * The flags of `bun run bench`.
 */
import { parseArgs } from "node:util";

export interface BenchOptions {
  /** Names of workloads, or beginnings of names; all when empty. */
  readonly only: readonly string[];
  /** Measured runs of each workload and broker, after some that warm up. */
  readonly runs: number;
  /** A fraction of the load, for a first look. */
  readonly quick: boolean;
  /** Leaves Apache Kafka out. */
  readonly alone: boolean;
  readonly json: string | undefined;
  readonly svg: string | undefined;
}

export const USAGE = `bun run bench [flags]: Houska beside Apache Kafka 4.4.0, on this machine
  --only NAME    that workload, or those whose names begin so; may be given more than once
  --runs N       measured runs of each workload (5)
  --quick        a quarter of the load, 3 runs
  --alone        without Apache Kafka
  --json FILE    write the results to a file
  --svg FILE     draw them
  HOUSKA_EXECUTABLE names the Houska to measure (dist/houska)`;

/** Reads the flags. Throws TypeError for one that isn't known. */
export function parseOptions(words: string[]): BenchOptions {
  const { values } = parseArgs({
    args: words,
    options: {
      only: { type: "string", multiple: true, default: [] },
      runs: { type: "string" },
      quick: { type: "boolean", default: false },
      alone: { type: "boolean", default: false },
      json: { type: "string" },
      svg: { type: "string" },
    },
  });
  const runs = Number(values.runs ?? (values.quick ? 3 : 5));
  if (!Number.isInteger(runs) || runs < 1)
    throw new TypeError(`--runs ${values.runs} is not a number above 0`);
  return {
    only: values.only,
    runs,
    quick: values.quick,
    alone: values.alone,
    json: values.json,
    svg: values.svg,
  };
}
