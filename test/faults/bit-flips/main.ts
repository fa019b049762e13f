/**
 * The long form: `bun test/faults/bit-flips/main.ts [--cases 20000] [--executable 300] [--seed N]`. Flips so many bytes
 * of a directory of Apache Kafka's and of one of Houska's own with the broker in this process, and so many with the
 * compiled one.
 */
import { parseArgs } from "node:util";
import { removeTemporaryFolders } from "../../support/broker-process.ts";
import { type FlipReport, flipBytes } from "./campaign.ts";
import { goldenDirectory, houskaDirectory } from "./directory.ts";
import { openExecutable } from "./executable.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cases: { type: "string", default: "20000" },
    executable: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now()) },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
for (const [whose, directory] of [
  ["Apache Kafka's", goldenDirectory()],
  ["Houska's own", await houskaDirectory()],
] as const) {
  const half = (count: string) => Math.ceil(Number(count) / 2);
  tell(`${whose}, in this process`, await flipBytes(directory, { cases: half(values.cases), seed }));
  const cases = half(values.executable);
  tell(`${whose}, by the executable`, await flipBytes(directory, { cases, seed, open: openExecutable }));
}
removeTemporaryFolders();

function tell(where: string, { outcomes, silent, violations }: FlipReport): void {
  console.log(`${where}: ${JSON.stringify(outcomes)}`);
  for (const { file, position, mask } of silent)
    console.log(`  silent: ${file} at byte ${position}, mask ${mask}`);
  for (const violation of violations) console.error(`  VIOLATION: ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}
