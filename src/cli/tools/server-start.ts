/**
 * kafka-server-start: `kafka-server-start.sh [-daemon] server.properties [--override property=value]*`.
 */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import type { Command } from "../command.ts";
import { versionText } from "../tool/tool.ts";

const usage = "USAGE: kafka-server-start [-daemon] server.properties [--override property=value]*";

/** Where a broker in the background writes what it has to say, unless LOG_DIR names another folder. */
const OUTPUT_FILE = "kafkaServer.out";

export const serverStart: Command = {
  usage,
  readsHelp: true,
  async run(words, output) {
    const [first, ...others] = words;
    const announce = ["--announce", "kafka"];
    if (first === undefined || words.includes("--help")) {
      output.complain(usage);
      return 1;
    }
    if (words.includes("--version")) {
      output.line(versionText());
      return 0;
    }
    if (first === "-daemon") return startInBackground([...others, ...announce]);
    const { runBroker } = await import("../run-broker.ts");
    return runBroker([...words, ...announce]);
  },
};

function startInBackground(words: readonly string[]): number {
  const file = openSync(`${process.env.LOG_DIR ?? "."}/${OUTPUT_FILE}`, "a");
  spawn(process.execPath, words, { detached: true, stdio: ["ignore", file, file] }).unref();
  return 0;
}
