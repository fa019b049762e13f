import { expect, test } from "bun:test";
import { run } from "../../../src/cli/run.ts";
import { KeptOutput, runCommand } from "../../support/command-run.ts";

/** What the executable says to `--help` when it is called by a name. */
async function helpOf(calledBy: string): Promise<string> {
  const output = new KeptOutput();
  await run(["--help"], output, calledBy);
  return [...output.lines, ...output.complaints].join("\n");
}

test("every name that is printed is a tool's, with .sh and without", async () => {
  const { code, lines } = await runCommand("tool-names");
  const ofTheBroker = await helpOf("houska");

  expect(code).toBe(0);
  expect(lines).toContain("kafka-topics");
  for (const name of lines) {
    const help = await helpOf(name);
    expect(help).not.toBe(ofTheBroker);
    expect(await helpOf(`/opt/kafka/bin/${name}.sh`)).toBe(help);
  }
});
