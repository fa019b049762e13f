/**
 * Builds the image without a container engine: does what the last stage of the Dockerfile says, one layer an
 * instruction, upon Debian as test/image/setup-base.sh unpacks it. What comes before the first COPY is kept for the
 * next time.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { executable } from "../support/broker-process.ts";
import { testCache } from "../support/requirements.ts";
import { commandOf, type Instruction, parseDockerfile } from "./dockerfile.ts";
import { deviceFiles, overlay, quoted } from "./mounts.ts";

const root = join(import.meta.dir, "..", "..");

export interface Image {
  /** The folders that lie upon each other, the lowest first. */
  readonly layers: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly volumes: readonly string[];
  readonly workingDirectory: string;
}

/** Builds the image in `folder`, with the executable under test in it. Throws where an instruction fails. */
export function buildImage(folder: string): Image {
  const stage = parseDockerfile(readFileSync(join(root, "Dockerfile"), "utf8")).at(-1);
  const suite = /^debian:(\w+)-slim$/.exec(stage?.from ?? "")?.[1];
  if (stage === undefined || suite === undefined) throw new Error(`there is no base for ${stage?.from}`);
  const base = join(testCache(), `debian-${suite}`);
  const layers = [join(base, "root")];
  let key = createHash("sha256").update(readFileSync(join(base, "version")));
  let isKept = true;
  for (const instruction of stage.instructions) {
    if (instruction.keyword === "COPY") {
      isKept = false;
      layers.push(copy(instruction.text, mkdtempSync(join(folder, "layer-"))));
    } else if (instruction.keyword === "RUN") {
      key = key.copy().update(instruction.text);
      const kept = join(testCache(), "image-layers", key.copy().digest("hex"));
      if (!isKept || !existsSync(kept)) {
        const layer = run(instruction.text, layers, mkdtempSync(join(folder, "layer-")));
        if (isKept) keep(layer, kept);
        else layers.push(layer);
      }
      if (isKept) layers.push(kept);
    }
  }
  return { layers, ...settingsOf(stage.instructions) };
}

function settingsOf(instructions: readonly Instruction[]) {
  const last = (keyword: string) => instructions.findLast((one) => one.keyword === keyword)?.text ?? "";
  return {
    command: commandOf(last("CMD")),
    healthCheck: commandOf(last("HEALTHCHECK").replace(/^.*?CMD /, "")),
    volumes: commandOf(last("VOLUME")),
    workingDirectory: last("WORKDIR"),
  };
}

function copy(text: string, layer: string): string {
  const [source = "", target = ""] = text.replace("--from=build ", "").split(" ");
  const from = text.startsWith("--from=build ") ? executable : join(root, source);
  mkdirSync(dirname(join(layer, target)), { recursive: true });
  cpSync(from, join(layer, target), { recursive: true });
  return layer;
}

function run(text: string, layers: readonly string[], layer: string): string {
  const work = `${layer}.work`;
  const mounted = `${layer}.mounted`;
  for (const path of [work, mounted]) mkdirSync(path);
  const script = [
    "set -e",
    overlay(layers, layer, work, mounted),
    deviceFiles(mounted),
    `mount --bind /etc/resolv.conf ${quoted(`${mounted}/etc/resolv.conf`)} 2>/dev/null || true`,
    `exec chroot ${quoted(mounted)} /usr/bin/env -i PATH="$PATH" DEBIAN_FRONTEND=noninteractive /bin/sh -c ${quoted(text)}`,
  ].join("\n");
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    ["unshare", "--mount", "--pid", "--fork", "bash", "-c", script],
    {
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    },
  );
  rmSync(work, { recursive: true, force: true });
  if (exitCode !== 0) throw new Error(`RUN ${text}\nfailed with ${exitCode}:\n${stdout}${stderr}`);
  return layer;
}

/** Several test files may come to build at the same time; whoever is first is the one. */
function keep(layer: string, kept: string): void {
  mkdirSync(dirname(kept), { recursive: true });
  const copied = `${kept}.${process.pid}`;
  Bun.spawnSync(["cp", "-a", layer, copied]);
  try {
    renameSync(copied, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(copied, { recursive: true });
  }
}
