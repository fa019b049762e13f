import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import {
  type BrokerProcess,
  executable,
  removeTemporaryFolders,
  startBroker,
} from "../support/broker-process.ts";
import { unpackGoldenDirectory } from "../support/golden-directory.ts";
import { runProgram } from "../support/program-run.ts";

let broker: BrokerProcess;
const data = unpackGoldenDirectory();
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

/** Runs the executable to its end. */
const houska = (...words: readonly string[]) => runProgram([executable, ...words]);

describe("the executable", () => {
  test("says which commands it has", async () => {
    const { code, output } = await houska("--help");
    expect(code).toBe(0);
    for (const name of ["format", "dump-log", "check"]) expect(output).toContain(`houska ${name} `);
    expect(await houska("help")).toEqual({ code, output, complaint: "" });
  });

  test("ends with code 2 where it is used wrongly, and says how it is used on standard error", async () => {
    const { code, output, complaint } = await houska("check", "--deep");
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(complaint).toContain("there is no option --deep; did you mean --deep-iteration?");
    expect(complaint).toContain("usage: houska check");
  });

  test("checks a directory that a broker works on, and names its process", async () => {
    const { code, output } = await houska("check", broker.logDirectory);
    expect(code).toBe(0);
    expect(output).toContain(`in use by process ${broker.pid}`);
  });

  test("refuses to format a directory that a broker works on", async () => {
    const log = ["--override", `log.dirs=${broker.logDirectory}`, "--ignore-formatted"];
    expect((await houska("format", ...log)).complaint).toContain(`is in use by process ${broker.pid}`);
  });

  test("prints what files hold, with every record", async () => {
    const { code, output } = await houska("dump-log", "--print-data-log", join(data, "segmented-0"));
    expect(code).toBe(0);
    expect(output.match(/^\| offset: /gm)?.length).toBe(5000 - 1016);
  });

  test("ends quietly when nobody reads on what it prints", async () => {
    const command = `"${executable}" dump-log --print-data-log "${data}/segmented-0" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { output, complaint } = await runProgram(["bash", "-c", command]);
    expect(complaint).toBe("");
    expect(output.trim().split("\n").at(-1)).toBe("0");
  });
});
