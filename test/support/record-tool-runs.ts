/**
 * Records what Kafka's tools print: `bun test/support/record-tool-runs.ts [TOOL...]` starts a broker, runs the commands
 * of test/fixtures/cli/tool-runs.json with the tools of Apache Kafka, and writes what came of each beside it. Where
 * tools are named, the commands of others are run with ours, and keep what was recorded of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { run as runOurs } from "../../src/cli/run.ts";
import { runTool } from "./apache-kafka.ts";
import { removeTemporaryFolders, startBroker, temporaryFolder } from "./broker-process.ts";
import { KeptOutput } from "./command-run.ts";
import { brokerOptions, filledIn, normalized, prepare, type RecordedRun, runsFile } from "./tool-runs.ts";

const runs: RecordedRun[] = JSON.parse(readFileSync(runsFile, "utf8"));
const anew = process.argv.slice(2);
const broker = await startBroker(brokerOptions);
await prepare(broker.port);
const recorded: RecordedRun[] = [];
for (const before of runs) {
  const { tool, words } = before;
  if (anew.length > 0 && !anew.includes(tool)) {
    await runOurs(filledIn(words, broker.port, temporaryFolder()), new KeptOutput(), tool);
    recorded.push(before);
    continue;
  }
  const run = await runTool(tool, filledIn(words, broker.port, temporaryFolder()));
  const [complaint = ""] = run.code === 0 ? [] : run.complaint.split("\n");
  recorded.push({
    ...{ tool, words, code: run.code },
    output: normalized(run.output, broker.port, broker.logDirectory),
    complaint: complaint.startsWith("[") ? "" : normalized(complaint, broker.port, broker.logDirectory),
  });
}
await broker.stop();
removeTemporaryFolders();
const lines = recorded.map(({ tool, words, ...came }) => {
  const head = JSON.stringify({ tool, words }).slice(0, -1);
  return `${head},\n ${JSON.stringify(came).slice(1)}`;
});
writeFileSync(runsFile, `[\n${lines.join(",\n")}\n]\n`);
