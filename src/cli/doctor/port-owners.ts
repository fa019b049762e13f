/**
 * Who listens on a port of this machine, as far as Linux tells this user.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface PortOwner {
  /** 0 where this user may not know. */
  readonly pid: number;
  /** The program's name; "" where it isn't known. */
  readonly command: string;
}

const LISTENING = "0A";

/** The inodes of sockets that listen on `port`, in a table as `/proc/net/tcp` and `/proc/net/tcp6` have it. */
export function listeningInodes(table: string, port: number): string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === LISTENING && local.endsWith(ending) ? [inode] : [];
  });
}

/** Undefined where nobody listens, or where this can't be found out. */
export function ownerOf(port: number): PortOwner | undefined {
  const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => listeningInodes(textOf(path), port));
  if (inodes.length === 0) return undefined;
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const pid of entriesOf("/proc").filter((name) => /^\d+$/.test(name))) {
    const descriptors = entriesOf(`/proc/${pid}/fd`);
    if (!descriptors.some((descriptor) => sockets.has(linkOf(`/proc/${pid}/fd/${descriptor}`)))) continue;
    return { pid: Number(pid), command: textOf(`/proc/${pid}/comm`).trim() };
  }
  return { pid: 0, command: "" };
}

/** How the owner is called in a sentence. */
export function ownerText({ pid, command }: PortOwner): string {
  if (pid === 0) return "another process";
  return command === "" ? `process ${pid}` : `process ${pid} (${command})`;
}

function textOf(path: string): string {
  return orElse("", () => readFileSync(path, "utf8"));
}

function entriesOf(path: string): string[] {
  return orElse([], () => readdirSync(path));
}

function linkOf(path: string): string {
  return orElse("", () => readlinkSync(path));
}

/** Processes come and go while one looks, and those of others keep to themselves. */
function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
