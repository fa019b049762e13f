/**
 * The executable's entry: what to run.
 */
import { standardOutput } from "./cli/output.ts";
import { run } from "./cli/run.ts";

process.exitCode = await run(process.argv.slice(2), standardOutput(), process.argv0);
