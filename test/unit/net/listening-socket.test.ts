/**
 * Which address is bound, and what is said when it cannot be.
 */
import { describe, expect, test } from "bun:test";
import { ListenError } from "../../../src/net/errors.ts";
import { openListeningSocket } from "../../../src/net/listening-socket.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`failed with ${code}`), { code });
}

/** Tries to listen where each host name in `failures` fails with its error code. */
function tryToListen(
  hostname: string,
  failures: Record<string, string>,
): { tried: string[]; error: unknown } {
  const tried: string[] = [];
  try {
    openListeningSocket({ name: "EXTERNAL", hostname, port: 9092 }, (bindTo) => {
      tried.push(bindTo);
      const code = failures[bindTo];
      if (code !== undefined) throw systemError(code);
    });
    return { tried, error: null };
  } catch (error) {
    return { tried, error };
  }
}

describe("openListeningSocket", () => {
  test("binds all interfaces of both IP versions for an empty host name and for each wildcard", () => {
    for (const hostname of ["", "0.0.0.0", "::", "[::]"]) {
      expect(tryToListen(hostname, {})).toEqual({ tried: ["::"], error: null });
    }
  });

  test("binds all IPv4 interfaces where there is no IPv6", () => {
    expect(tryToListen("", { "::": "EAFNOSUPPORT" })).toEqual({ tried: ["::", "0.0.0.0"], error: null });
  });

  test("does not hide that the port is in use behind the other IP version", () => {
    const { tried, error } = tryToListen("", { "::": "EADDRINUSE" });
    expect(tried).toEqual(["::"]);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: "PORT_IN_USE" });
    expect(String(error)).toContain("Listener EXTERNAL cannot listen on *:9092: port 9092 is in use");
  });

  test("binds only the address that is named, without the brackets of an IPv6 address", () => {
    expect(tryToListen("[::1]", {}).tried).toEqual(["::1"]);
    expect(tryToListen("127.0.0.1", {}).tried).toEqual(["127.0.0.1"]);
  });

  test("names the cause and a way out", () => {
    expect(tryToListen("10.1.2.3", { "10.1.2.3": "EADDRNOTAVAIL" }).error).toMatchObject({
      code: "ADDRESS_NOT_AVAILABLE",
    });
    expect(tryToListen("", { "::": "EACCES" }).error).toMatchObject({ code: "PERMISSION_DENIED" });
    expect(tryToListen("nowhere", { nowhere: "" }).error).toMatchObject({ code: "CANNOT_LISTEN" });
  });
});
