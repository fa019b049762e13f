import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const testFolder = join(import.meta.dir, "..");
let emptyPath = "";
let pathWithKcat = "";

beforeAll(() => {
  emptyPath = mkdtempSync(join(tmpdir(), "houska-no-tools-"));
  pathWithKcat = mkdtempSync(join(tmpdir(), "houska-tools-"));
  writeFileSync(join(pathWithKcat, "kcat"), "");
  chmodSync(join(pathWithKcat, "kcat"), 0o755);
});
afterAll(() => {
  for (const folder of [emptyPath, pathWithKcat]) rmSync(folder, { recursive: true, force: true });
});

/** Runs the test command on one file of fixtures/tests, on a PATH that has nothing else. */
function runTests(name: string, path: string, environment: Record<string, string> = {}) {
  const { exitCode, stdout } = Bun.spawnSync(
    [process.execPath, join(testFolder, "run.ts"), `./test/structure/fixtures/tests/${name}`],
    { env: { PATH: path, ...environment }, stderr: "ignore" },
  );
  const lines = stdout.toString().trimEnd().split("\n");
  return { exitCode, lines, closingLine: lines.at(-1) };
}

test("the closing line counts what passed", () => {
  expect(runTests("passing.ts", emptyPath)).toMatchObject({ exitCode: 0, closingLine: "2 passed, 0 failed" });
});

test("a test that fails is counted and makes the run fail", () => {
  expect(runTests("mixed.ts", pathWithKcat)).toMatchObject({
    exitCode: 1,
    closingLine: "3 passed, 1 failed",
  });
});

test("tests that lack a tool are skipped, counted, and say what they lack", () => {
  const { lines, closingLine } = runTests("mixed.ts", emptyPath);

  expect(lines).toContain("skipped tests in test/structure/fixtures/tests/mixed.ts: kcat is not on the PATH");
  expect(closingLine).toBe("1 passed, 1 failed, 2 skipped");
});

test("where all tests are asked for, a missing tool makes the run fail", () => {
  const { exitCode, closingLine } = runTests("mixed.ts", emptyPath, { HOUSKA_TEST_ALL: "1" });

  expect({ exitCode, closingLine }).toEqual({ exitCode: 1, closingLine: "0 passed, 1 failed" });
});

test("a file that does not load makes the run fail", () => {
  expect(runTests("broken.ts", emptyPath)).toMatchObject({ exitCode: 1, closingLine: "0 passed, 1 failed" });
});

test("a run without a test fails", () => {
  const { exitCode, lines } = runTests("empty.ts", emptyPath);

  expect({ exitCode, lines: lines.slice(-2) }).toEqual({
    exitCode: 1,
    lines: ["no test ran", "0 passed, 0 failed"],
  });
});
