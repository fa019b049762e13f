/**
 * Where brokers are: `host:port`, as bootstrap.servers names them.
 */
import { ClientConfigError } from "./errors.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads a list of addresses with commas between them.
 *
 * @throws ClientConfigError
 */
export function parseAddresses(text: string): Address[] {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length === 0)
    throw new ClientConfigError("No resolvable bootstrap urls given in bootstrap.servers");
  return words.map(parseAddress);
}

function parseAddress(text: string): Address {
  // A name of a security protocol before the address, as a listener has it, says nothing here.
  const match = /^(?:[A-Za-z0-9_]+:\/\/)?(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65535) {
    throw new ClientConfigError(`Invalid url in bootstrap.servers: ${text} (host:port is expected)`);
  }
  return { host, port };
}

/** An address as people write it. */
export function addressText({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
