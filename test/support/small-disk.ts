/**
 * A file system of a few mebibytes in memory, to be filled up, write-protected and taken away. Only root may mount one,
 * and not in every container: where it can't be, that is said, and the tests are skipped.
 */
import { mkdirSync, rmSync } from "node:fs";
import { temporaryFolder } from "./broker-process.ts";

export interface SmallDisk {
  readonly path: string;
  /** Gives it another size. */
  resize(mebibytes: number): void;
  /** Lets nobody open a file in the folder for writing any more; files that are open stay so. */
  protect(folder: string): void;
  unmount(): void;
}

/** Mounts one, or returns null and prints why it can't. */
export function mountSmallDisk(mebibytes: number): SmallDisk | null {
  const path = `${temporaryFolder()}/disk`;
  mkdirSync(path);
  const mounts: string[] = [];
  const mount = (words: readonly string[], target: string): string | null => {
    const { exitCode, stderr } = Bun.spawnSync(["mount", ...words, target]);
    return exitCode === 0 ? null : stderr.toString().trim();
  };
  const must = (failure: string | null) => {
    if (failure !== null) throw new Error(failure);
  };
  const complaint =
    Bun.which("mount") === null
      ? "there is no mount"
      : mount(["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs"], path);
  if (complaint !== null) {
    console.log(`skipped: no small file system can be mounted here (${complaint})`);
    return null;
  }
  mounts.push(path);
  return {
    path,
    resize: (size) => must(mount(["-o", `remount,size=${size}m`], path)),
    protect(folder) {
      must(mount(["--bind", folder], folder));
      mounts.push(folder);
      must(mount(["-o", "remount,bind,ro"], folder));
    },
    unmount() {
      for (const target of mounts.reverse()) Bun.spawnSync(["umount", "-l", target]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
