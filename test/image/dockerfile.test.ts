import { afterAll, describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { commandOf, parseDockerfile } from "./dockerfile.ts";

const root = join(import.meta.dir, "..", "..");
afterAll(removeTemporaryFolders);

test("stages, comments and lines that go on are read", () => {
  expect(
    parseDockerfile(
      'FROM a:1 AS one\n# no\nRUN x \\\n  # no\n  && y\n\nFROM b\ncopy --from=one /x /y\nCMD ["run"]',
    ),
  ).toEqual([
    { from: "a:1", name: "one", instructions: [{ keyword: "RUN", text: "x && y" }] },
    {
      from: "b",
      name: undefined,
      instructions: [
        { keyword: "COPY", text: "--from=one /x /y" },
        { keyword: "CMD", text: '["run"]' },
      ],
    },
  ]);
  expect(commandOf('["a", "b c"]')).toEqual(["a", "b c"]);
  expect(commandOf("a b")).toEqual(["/bin/sh", "-c", "a b"]);
});

describe("the image", () => {
  const stages = parseDockerfile(readFileSync(join(root, "Dockerfile"), "utf8"));
  const textsOf = (keyword: string) =>
    (stages.at(-1)?.instructions ?? []).filter((one) => one.keyword === keyword).map(({ text }) => text);

  test("is run as Kafka's image is", () => {
    expect(textsOf("CMD").map(commandOf)).toEqual([["/etc/kafka/docker/run"]]);
    expect(textsOf("ENTRYPOINT")).toEqual([]);
    expect(textsOf("EXPOSE")).toEqual(["9092"]);
    expect(textsOf("USER")).toEqual(["appuser"]);
    expect(textsOf("VOLUME").map(commandOf)).toEqual([
      ["/etc/kafka/secrets", "/mnt/shared/config", "/var/lib/kafka/data"],
    ]);
  });

  test("is built from files that are enough to build the executable", () => {
    const folder = temporaryFolder();
    const inFolder = (path: string) => join(folder, path);
    for (const { keyword, text } of stages[0]?.instructions ?? []) {
      if (keyword === "COPY") {
        const words = text.split(/\s+/);
        const target = words.at(-1) ?? "";
        for (const path of words.slice(0, -1)) {
          cpSync(join(root, path), inFolder(target === "./" ? path : target), { recursive: true });
        }
      } else if (text.startsWith("npm ")) symlinkSync(join(root, "node_modules"), inFolder("node_modules"));
      else if (keyword === "RUN") {
        const run = text.replaceAll("/houska/dist/", "dist/");
        expect(Bun.spawnSync(["sh", "-c", run], { cwd: folder }).stderr.toString()).toBe("");
      }
    }
    expect(readdirSync(inFolder("dist"))).toEqual(["houska"]);
    const { stdout } = Bun.spawnSync([inFolder("dist/houska"), "--version"]);
    expect(stdout.toString()).toBe(`${packageJson.version}\n`);
  });

  test("copies only what .dockerignore lets through", () => {
    const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, text }) => keyword === "COPY" && !text.startsWith("--from="))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1))
      .map((path) => path.split("/")[0]);
    expect(copied.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
  });
});
