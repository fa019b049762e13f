import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "..", "..");

test("the lock file names no registry, so that any will do", () => {
  const lockFile = readFileSync(join(root, "package-lock.json"), "utf8");

  expect(lockFile).not.toContain('"resolved"');
});

test("every package is pinned to one version", () => {
  const versions = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });

  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test("the tests run on the Bun that package.json pins", () => {
  expect(Bun.version).toBe(packageJson.devDependencies.bun);
});
