/**
 * The long form of the power cuts: `bun test/faults/power-cuts/main.ts [--stride 1]`, at every change of the disk and
 * with every loss. Prints how far it is, and ends with 1 when a promise was broken.
 */
import { parseArgs } from "node:util";
import { cutPower } from "./campaign.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { stride: { type: "string", default: "1" } },
});
try {
  console.log(`kept: ${JSON.stringify(await cutPower({ stride: Number(values.stride), log: console.log }))}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
