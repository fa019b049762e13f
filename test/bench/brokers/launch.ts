/**
 * Brokers' processes, none of which outlives the bench.
 */
import type { BenchBroker } from "./broker.ts";

const running = new Set<Bun.Subprocess>();

/** Starts a broker's process. It goes away with `stop`, or with this process. */
export function launch(
  broker: Pick<BenchBroker, "name" | "port" | "logDirectory">,
  command: readonly string[],
): BenchBroker {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  running.add(child);
  return {
    ...broker,
    pid: child.pid,
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
      running.delete(child);
    },
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
      running.delete(child);
    },
  };
}

/** Ends what still runs, at once. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
