/**
 * franz-go's kfake as a broker of the bench: it keeps everything in memory, and shows what a broker costs that has no
 * disk.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort, temporaryFolder } from "../../support/broker-process.ts";
import type { BrokerKind } from "./broker.ts";
import { launch } from "./launch.ts";

/** Builds kfake, by way of the Go module proxy. Throws what Go complains of. */
export async function buildKfake(): Promise<BrokerKind> {
  const program = join(temporaryFolder(), "kfake");
  const cwd = join(import.meta.dir, "kfake");
  const build = Bun.spawn(["go", "build", "-o", program, "."], { cwd, stdout: "pipe", stderr: "pipe" });
  const complaint = await new Response(build.stderr).text();
  if ((await build.exited) !== 0) throw new Error(`kfake can't be built: ${complaint.trim()}`);
  return {
    name: "kfake",
    async format(logDirectory) {
      mkdirSync(logDirectory, { recursive: true });
    },
    async spawn(logDirectory) {
      const port = await freePort();
      return launch({ name: "kfake", port, logDirectory }, [program, String(port)]);
    },
  };
}
