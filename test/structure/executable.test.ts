import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const built = join(import.meta.dir, "..", "..", "dist", "houska");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "houska-executable-"));
  copyFileSync(built, join(folder, "houska"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the executable in its own folder, with nothing in the environment but `environment`. */
function run(environment: Record<string, string>) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([join(folder, "houska"), "--version"], {
    cwd: folder,
    env: environment,
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}
const itsVersion = { exitCode: 0, stdout: `${packageJson.version}\n`, stderr: "" };

test("the executable runs alone in a folder, with an empty environment", () => {
  expect(run({})).toEqual(itsVersion);
});

test("the executable runs where there is no folder for temporary files", () => {
  expect(run({ TMPDIR: join(folder, "houska") })).toEqual(itsVersion);
});

test("the executable ignores Bun's and Node's own settings in the current folder", () => {
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./missing.ts"]\n');
  writeFileSync(join(folder, "tsconfig.json"), "{");
  writeFileSync(join(folder, "package.json"), "{");

  expect(run({})).toEqual(itsVersion);
});
