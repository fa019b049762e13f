/**
 * The executable's entry: what to run.
 */
import { runBroker } from "./cli/run-broker.ts";

process.exitCode = await runBroker(process.argv.slice(2));
