import { expect, test } from "bun:test";
import { join } from "node:path";
import lockFile from "../../package-lock.json" with { type: "json" };
import { importCircles } from "./circles.ts";
import { brokenImportRules } from "./layers.ts";
import { ourSources, parseSources } from "./sources.ts";

const packages = runtimePackages();

test("imports run one way through the house", async () => {
  const files = await ourSources();

  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((file) => brokenImportRules(file, packages))).toEqual([]);
});

test("every kind of import against the direction is found, and nothing else", async () => {
  const house = join(import.meta.dir, "fixtures", "house");
  const files = await parseSources(house, join(house, "tsconfig.json"));

  expect(files.flatMap((file) => brokenImportRules(file, packages))).toEqual([
    "attic/a.ts: attic is no part of the house that test/structure/layers.ts knows",
    "group/commit.ts imports disk/disk.ts: group may only import types of disk",
    "group/commit.ts imports transaction/marker.ts: group must not import transaction",
    "group/commit.ts uses process: group must not know the machine",
    "log/segment.ts imports kafkajs: package.json does not list it as a dependency",
    "log/segment.ts imports broker.ts: log must not import broker",
    "log/segment.ts imports protocol/wire: an import ends in .ts",
    "net/listener.ts imports api/produce.ts: net must not import api",
    "protocol/wire.ts imports @node-rs/crc32: it is not our own",
    "protocol/wire.ts imports bun: clock, random numbers and disk are handed in",
    "protocol/wire.ts imports node:fs: clock, random numbers and disk are handed in",
    "protocol/wire.ts imports log/segment.ts: protocol must not import log",
    "protocol/wire.ts imports log/segment.ts: protocol must not import log",
    "protocol/wire.ts imports log/segment.ts: protocol must not import log",
    "protocol/wire.ts imports log/segment.ts: protocol must not import log",
    "protocol/wire.ts uses Bun: protocol must not know the machine",
    "transaction/marker.ts imports group/commit.ts: transaction must not import group",
  ]);
});

test("no imports run in a circle", async () => {
  expect(importCircles(await ourSources())).toEqual([]);
});

test("circles of imports are found; types that name each other, and what is loaded later, make none", () => {
  const file = (path: string, ...imports: string[]) => ({
    path,
    text: "",
    imports: imports.map((target) => ({
      target: target.replace(/^(type|later) /, ""),
      isFile: true,
      typeOnly: target.startsWith("type "),
      later: target.startsWith("later "),
    })),
    identifiers: new Set<string>(),
    uncheckedLines: [],
  });

  expect(
    importCircles([
      file("a.ts", "b.ts", "d.ts"),
      file("b.ts", "c.ts"),
      file("c.ts", "a.ts", "d.ts"),
      file("d.ts", "type a.ts", "later b.ts"),
    ]),
  ).toEqual(["a.ts > b.ts > c.ts > a.ts"]);
});

/** What package.json lists as dependencies, and those packages' own parts for single platforms. */
function runtimePackages(): Set<string> {
  const names = Object.keys(lockFile.packages[""].dependencies);
  const parts = Object.entries(lockFile.packages)
    .filter(([path]) => names.includes(path.replace("node_modules/", "")))
    .flatMap(([, entry]) => ("optionalDependencies" in entry ? Object.keys(entry.optionalDependencies) : []));
  return new Set([...names, ...parts]);
}
