/**
 * Who sends a request, as coordinators remember and tell it.
 */
import type { Requester } from "../group/environment.ts";
import type { RequestContext } from "./context.ts";

/** The client of a request. */
export function requesterOf({ clientId, connection, apiVersion }: RequestContext): Requester {
  return { clientId: clientId ?? "", clientHost: `/${javaAddress(connection.remoteAddress)}`, apiVersion };
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const IPV6_GROUPS = 8;

/** An IP address as Java prints it: an IPv6 address in full, one that stands for an IPv4 address as that. */
export function javaAddress(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [bare = "", zone] = address.split("%");
  const [left = "", right] = bare.split("::");
  const before = groupsOf(left);
  const after = groupsOf(right ?? "");
  const missing = right === undefined ? 0 : IPV6_GROUPS - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...after];
  return groups.join(":") + (zone === undefined ? "" : `%${zone}`);
}

function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text.split(":").map((group) => Number.parseInt(group, 16).toString(16));
}
