/**
 * What to tell the person whose log directory has failed.
 */
import { isDiskError } from "../disk/disk.ts";

const advice: Readonly<Record<string, string>> = {
  ENOSPC: "Make room on its file system",
  EDQUOT: "Raise the quota on its file system, or make room",
  EROFS: "Make its file system writable",
  EACCES: "Let this user write to it",
  EPERM: "Let this user write to it",
  ENOENT: "It, or something in it, was taken away: put that back",
  ENOTDIR: "It, or something in it, is no directory any more: put that back",
};

/**
 * A sentence or two about a directory that is offline.
 *
 * @param code the system's error
 * @param wasRead whether it is known what lies in it
 */
export function directoryAdvice(path: string, reason: string, code: string, wasRead: boolean): string {
  const rest = wasRead
    ? "Nothing is written to it any more; what it holds can still be read"
    : "The partitions in it can't be used";
  return `Log directory ${path} is offline: ${reason}. ${rest}. ${remedyForCode(code)} and restart the broker.`;
}

/** What a person can do about an error, as the beginning of a sentence; null if it isn't the system's. */
export function remedyFor(error: unknown): string | null {
  return isDiskError(error) ? remedyForCode(error.code) : null;
}

function remedyForCode(code: string): string {
  return advice[code] ?? "Put it right";
}
