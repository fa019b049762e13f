import { afterAll, beforeAll } from "bun:test";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../../support/broker-process.ts";
import { requires } from "../../support/requirements.ts";
import { kills, TRANSFORM_TIMEOUT_MS, transactions, transformThroughKills } from "./transform.ts";

const { test, missing } = requires("go");
/** Where go has compiled nothing of franz-go yet. */
const BUILD_TIMEOUT_MS = 300_000;

let program: string;
beforeAll(async () => {
  if (missing !== null) return;
  program = join(temporaryFolder(), "transform");
  const cwd = join(import.meta.dir, "go");
  const build = Bun.spawn(["go", "build", "-o", program, "."], { cwd, stdout: "pipe", stderr: "pipe" });
  const complaint = await new Response(build.stderr).text();
  if ((await build.exited) !== 0) throw new Error(complaint);
}, BUILD_TIMEOUT_MS);
afterAll(removeTemporaryFolders);

test(
  `franz-go transforms every record exactly once in ${transactions} transactions, while the broker is killed ${kills} times`,
  () => transformThroughKills((words) => [program, ...words]),
  TRANSFORM_TIMEOUT_MS,
);
