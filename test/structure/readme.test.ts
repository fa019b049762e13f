import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import packageJson from "../../package.json" with { type: "json" };
import { readmePath, withApis } from "./readme.ts";

const readme = readFileSync(readmePath, "utf8");

test("the README names the APIs that are served, in their versions (else: npm run readme)", () => {
  expect(readme).toBe(withApis(readme));
});

test("the README gives a reason for every package", () => {
  const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
  const explained = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((name) => name[1]),
  );

  expect(explained.sort()).toEqual(
    Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }).sort(),
  );
});
