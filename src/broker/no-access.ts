/**
 * What stands in the way when the system refuses access to a file: whose it is, and who we are.
 */
import { statSync } from "node:fs";
import { parentOf } from "../metadata/parent-of.ts";

const refusals = ["EACCES", "EPERM"];

interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** A sentence for the person who can change it, or null where it is another error, or the system has no users. */
export function noAccessText(error: Error & { code: string }): string | null {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if (!refusals.includes(error.code) || path === undefined || uid === undefined || gid === undefined)
    return null;
  let place = path;
  let found = ownershipOf(place);
  while (found === undefined && place !== parentOf(place)) {
    place = parentOf(place);
    found = ownershipOf(place);
  }
  return found === undefined ? null : ownershipText(place, found, { uid, gid });
}

/** Undefined where there is nothing, or what lies above hides it. */
function ownershipOf(path: string): Ownership | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** @example ownershipText("/data", { uid: 0, gid: 0, mode: 0o755 }, { uid: 1000, gid: 1000 }) */
export function ownershipText(
  path: string,
  owner: Ownership,
  { uid, gid }: Pick<Ownership, "uid" | "gid">,
): string {
  const mode = (owner.mode & 0o7777).toString(8).padStart(4, "0");
  return (
    `${path} is of user ${owner.uid} and group ${owner.gid} with mode ${mode}, and this process is user ${uid} of ` +
    `group ${gid}. Give it to this user (chown -R ${uid} ${path}), or run the broker as user ${owner.uid}`
  );
}
