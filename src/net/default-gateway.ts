/**
 * The machine's default gateway. In a container, it is also where clients seem to come from that run on the host and use
 * a forwarded port.
 */
import { readFileSync } from "node:fs";

/** Null before it has been looked up. */
let known: string | undefined | null = null;

/** Its IPv4 address; undefined where there is none, or the system doesn't tell it as Linux does. */
export function defaultGateway(): string | undefined {
  if (known === null) known = lookUp();
  return known;
}

function lookUp(): string | undefined {
  try {
    return gatewayIn(readFileSync("/proc/net/route", "utf8"));
  } catch {
    return undefined;
  }
}

/** The gateway in a table of routes as `/proc/net/route` has it: addresses are hexadecimal, the last byte first. */
export function gatewayIn(routes: string): string | undefined {
  for (const line of routes.split("\n")) {
    const [, destination, gateway] = line.split("\t");
    if (destination !== "00000000" || gateway === undefined || gateway === "00000000") continue;
    const bytes = gateway.match(/[0-9A-Fa-f]{2}/g) ?? [];
    if (bytes.length === 4)
      return bytes
        .map((byte) => Number.parseInt(byte, 16))
        .reverse()
        .join(".");
  }
  return undefined;
}
