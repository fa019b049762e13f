/**
 * `bun run bench`: Houska beside Apache Kafka 4.4.0 on this machine. Each workload runs on both in turn; medians are
 * told, with the smallest and the largest run beside them. Ends with 1 where a target is missed, and says which.
 *
 * The figure that counts on a shared machine is the broker's CPU time. It is told per GiB of requests, or of records
 * fetched.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { requires } from "../support/requirements.ts";
import type { BrokerKind } from "./brokers/broker.ts";
import { houska } from "./brokers/houska.ts";
import { kafka } from "./brokers/kafka.ts";
import { buildKfake } from "./brokers/kfake.ts";
import { killAll } from "./brokers/launch.ts";
import { measure } from "./measure.ts";
import { parseOptions, USAGE } from "./options.ts";
import { resultOf } from "./report/results.ts";
import { svgOf } from "./report/svg.ts";
import { tableHead, tableOf, verdictOf } from "./report/table.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads/all.ts";

const QUICK_SCALE = 0.25;

async function main(words: string[]): Promise<number> {
  if (words.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(words);
  const chosen = workloads.filter(
    ({ name }) => options.only.length === 0 || options.only.some((only) => name.startsWith(only)),
  );
  if (chosen.length === 0) {
    console.error(`No workload of that name. There are: ${workloads.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  const failed: string[] = [];
  console.log(machine());
  console.log(tableHead());
  const results = await measure({
    kinds: options.alone ? [houska] : [houska, ...(await rivals(chosen))],
    workloads: chosen,
    runs: options.runs,
    scale: options.quick ? QUICK_SCALE : 1,
    folder: temporaryFolder(),
    onFailed: ({ name }, error) => {
      failed.push(name);
      console.log(`${name}: could not be measured: ${error instanceof Error ? error.message : error}`);
    },
    onMeasured: (measured) => console.log(tableOf(resultOf(measured))),
  });
  const told = results.map(resultOf);
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ machine: machine(), results: told }, null, 2)}\n`);
  if (options.svg) writeFileSync(options.svg, svgOf(told));
  console.log(verdictOf(told));
  if (failed.length > 0) console.log(`Not measured: ${failed.join(", ")}.`);
  return failed.length > 0 || told.some(({ metrics }) => metrics.some(({ isMet }) => isMet === false))
    ? 1
    : 0;
}

/** The other brokers that there are here. */
async function rivals(chosen: readonly Workload[]): Promise<BrokerKind[]> {
  const found: BrokerKind[] = [];
  if (requires("kafka").missing === null) found.push(kafka);
  if (!chosen.some((workload) => workload.rivals?.includes("kfake"))) return found;
  if (requires("go").missing !== null) return found;
  try {
    found.push(await buildKfake());
  } catch (error) {
    console.log(`without kfake: ${error instanceof Error ? error.message : error}`);
  }
  return found;
}

function machine(): string {
  return `${cpus().length} cores, ${process.arch}, ${process.platform}`;
}

process.on("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    removeTemporaryFolders();
    process.exit(1);
  });
}
try {
  process.exitCode = await main(process.argv.slice(2));
} finally {
  removeTemporaryFolders();
}
