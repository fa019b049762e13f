/**
 * How addresses of peers are written.
 */

const IPV4_MAPPED = "::ffff:";

/** An address as a person writes it: an IPv4 address that an IPv6 socket shows as `::ffff:192.0.2.1` loses the prefix. */
export function plainAddress(address: string): string {
  const isMapped = address.startsWith(IPV4_MAPPED) && address.includes(".");
  return isMapped ? address.slice(IPV4_MAPPED.length) : address;
}

/** `192.0.2.1:9092` or `[2001:db8::1]:9092`. */
export function endpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether an address, or the name `localhost`, stands for the machine that uses it. */
export function isLoopback(host: string): boolean {
  const plain = plainAddress(host.toLowerCase());
  return plain === "localhost" || plain === "::1" || /^127\.\d+\.\d+\.\d+$/.test(plain);
}
