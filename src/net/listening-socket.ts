/**
 * Opens the socket that a listener listens on, or says in words why it cannot.
 */
import { endpoint } from "./addresses.ts";
import { ListenError, type ListenErrorCode } from "./errors.ts";

/** Where to listen; the parts of `listeners=NAME://HOSTNAME:PORT`. */
export interface ListenAddress {
  readonly name: string;
  readonly hostname: string;
  readonly port: number;
  /** The configs that say so, for advice; `listeners` if not said. */
  readonly configs?: { readonly host: string; readonly port: string };
}

const EVERY_INTERFACE = new Set(["", "0.0.0.0", "::", "[::]"]);

/**
 * Calls `listen` with the hostname to bind. For all interfaces that is `::`, which takes IPv4 as well, and `0.0.0.0`
 * where the machine has no IPv6. An address of `0.0.0.0` means both too, as it does to a Java broker.
 *
 * @throws ListenError
 */
export function openListeningSocket<Socket>(
  address: ListenAddress,
  listen: (hostname: string) => Socket,
): Socket {
  const hostnames = EVERY_INTERFACE.has(address.hostname)
    ? ["::", "0.0.0.0"]
    : [address.hostname.replace(/^\[(.*)\]$/, "$1")];
  let failure: unknown;
  for (const hostname of hostnames) {
    try {
      return listen(hostname);
    } catch (error) {
      failure = error;
      const code = systemCode(error);
      if (code === "EADDRINUSE" || code === "EACCES") break;
    }
  }
  throw listenError(address, failure);
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function listenError(address: ListenAddress, failure: unknown): ListenError {
  const where = `Listener ${address.name} cannot listen on ${endpoint(address.hostname || "*", address.port)}: `;
  const [code, why] = explain(address, failure);
  return new ListenError(code, where + why);
}

const ofListeners = { host: "listeners", port: "listeners" };

function explain(
  { hostname, port, configs = ofListeners }: ListenAddress,
  failure: unknown,
): [ListenErrorCode, string] {
  switch (systemCode(failure)) {
    case "EADDRINUSE":
      return [
        "PORT_IN_USE",
        `port ${port} is in use by another process. Stop that one, or choose another port in ${configs.port}.`,
      ];
    case "EACCES":
      return [
        "PERMISSION_DENIED",
        `this user may not open port ${port}. Choose a port above 1023 in ${configs.port}.`,
      ];
    case "EADDRNOTAVAIL":
      return [
        "ADDRESS_NOT_AVAILABLE",
        `this machine has no address ${hostname}. Leave the host in ${configs.host} empty for all interfaces.`,
      ];
    default: {
      const cause = failure instanceof Error ? failure.message : String(failure);
      return [
        "CANNOT_LISTEN",
        `${cause}. Check the host name in ${configs.host}; an empty one means all interfaces.`,
      ];
    }
  }
}
