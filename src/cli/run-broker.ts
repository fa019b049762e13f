/**
 * Runs the broker: `houska [server.properties] [--override key=value ...]`. Whoever only asks what there is to say doesn't
 * wait until all of it is loaded.
 */
import { version } from "../../package.json" with { type: "json" };
import { type BrokerArguments, parseArguments } from "./arguments.ts";
import { WRONG_USE } from "./command.ts";
import { usage } from "./usage.ts";

/** Runs the command, and returns its exit code. */
export async function runBroker(words: readonly string[]): Promise<number> {
  let parsed: BrokerArguments;
  try {
    parsed = parseArguments(words);
  } catch (error) {
    console.error(`houska: ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return WRONG_USE;
  }
  if (parsed.help) {
    console.log(usage.trimEnd());
    return 0;
  }
  if (parsed.version) {
    console.log(version);
    return 0;
  }
  const { serveBroker } = await import("./serve-broker.ts");
  return serveBroker(parsed);
}
