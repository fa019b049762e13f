/**
 * Runs `bun test` over test/ and closes with one line that counts: `N passed, N failed`, and `, N skipped` if any
 * were. Exits with 0 only if tests ran and none failed. Arguments are handed to `bun test`.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { countTests } from "./support/junit.ts";

const root = join(import.meta.dir, "..");
const report = join(root, "dist", `junit.${process.pid}.xml`);
const options = process.argv.slice(2);

function run(command: string[]): number {
  return Bun.spawnSync(command, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).exitCode;
}

// A run of everything also has Apache Kafka, the clients for Python and a Debian for containers, where they can be had.
if (options.length === 0 && Bun.which("java") && Bun.which("mvn")) {
  run(["bash", "test/interchange/setup-kafka.sh"]);
}
if (options.length === 0 && Bun.which("python3")) run(["bash", "test/clients/setup-python.sh"]);
if (options.length === 0 && Bun.which("mmdebstrap")) run(["bash", "test/image/setup-base.sh"]);

mkdirSync(join(root, "dist"), { recursive: true });
const exitCode = run([
  process.execPath,
  "test",
  // Some tests start a JVM. None waits for this limit unless something hangs.
  "--timeout=120000",
  "--reporter=junit",
  `--reporter-outfile=${report}`,
  ...options,
]);

const file = Bun.file(report);
const counts = countTests((await file.exists()) ? await file.text() : "");
rmSync(report, { force: true });
// The report leaves out what went wrong outside a test, such as a file that doesn't load; the exit code has it.
const failed = exitCode === 0 ? counts.failed : Math.max(counts.failed, 1);
const ran = counts.passed + failed > 0;
if (!ran) console.log("no test ran");
console.log(
  `${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`,
);
process.exitCode = failed === 0 && ran ? 0 : 1;
