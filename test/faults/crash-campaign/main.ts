/**
 * The long form of the crash campaign: `bun test/faults/crash-campaign/main.ts [--rounds 200] [--seed N]`. Prints what
 * has been done, and ends with 1 when a promise was broken.
 */
import { parseArgs } from "node:util";
import { removeTemporaryFolders } from "../../support/broker-process.ts";
import { runCampaign } from "./campaign.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now()) },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
console.log(`${rounds} rounds, seed ${seed}`);
try {
  const counts = await runCampaign({ rounds, seed, log: console.log });
  console.log(`kept: ${JSON.stringify(counts)}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  removeTemporaryFolders();
}
