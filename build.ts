/**
 * Makes dist/houska: the broker, its dependencies and Bun itself in one executable that needs nothing beside it.
 *
 * `bun build.ts [file]` writes to `file` (dist/houska when left out): first under another name, then renamed, so
 * that a running broker keeps its old executable and nobody starts half of a new one.
 */
import { mkdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";

const root = import.meta.dir;
const outfile = process.argv[2] ?? join(root, "dist", "houska");
const folder = `${outfile}.${process.pid}.new`;
const unfinished = join(folder, "houska");
// A source file saved while the build runs must count as newer than what comes out of it; file systems keep time
// in steps of up to 10 ms.
const startedMs = Date.now() - 10;

mkdirSync(folder, { recursive: true });
try {
  const result = await Bun.build({
    entrypoints: [join(root, "src", "main.ts")],
    target: "bun",
    // Bytecode halves the time to start. Its default format is CommonJS, which has no top-level await.
    format: "esm",
    bytecode: true,
    minify: true,
    // A command loads its own part only: `kafka-topics --list` as a health check has no time for the broker.
    splitting: true,
    // Errors name files and lines of src/; it is read only when one is printed.
    sourcemap: "inline",
    compile: {
      outfile: unfinished,
      // The broker's settings are its arguments and its properties file, not what lies in the current folder.
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
    throw: false,
  });
  for (const log of result.logs) console.error(log);
  if (result.success) {
    utimesSync(unfinished, startedMs / 1000, startedMs / 1000);
    renameSync(unfinished, outfile);
  } else process.exitCode = 1;
} finally {
  // The source maps that are left there are inside of the executable, too.
  rmSync(folder, { recursive: true, force: true });
}
