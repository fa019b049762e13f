import { expect, test } from "bun:test";
import { toolNamed } from "../../../src/cli/run.ts";
import { runCommand } from "../../support/command-run.ts";

test("every name that is printed is a tool's, with .sh and without", async () => {
  const { code, lines } = await runCommand("tool-names");

  expect(code).toBe(0);
  expect(lines).toContain("kafka-broker-api-versions");
  for (const name of lines) {
    expect(toolNamed(name)).toBeDefined();
    expect(toolNamed(`/opt/kafka/bin/${name}.sh`)).toBe(toolNamed(name));
  }
});
