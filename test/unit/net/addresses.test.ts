/**
 * Addresses as people write them.
 */
import { expect, test } from "bun:test";
import { endpoint, plainAddress } from "../../../src/net/addresses.ts";

test("an IPv4 address on an IPv6 socket is shown as IPv4", () => {
  expect(plainAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(plainAddress("192.0.2.1")).toBe("192.0.2.1");
  expect(plainAddress("::1")).toBe("::1");
  expect(plainAddress("::ffff:0:1")).toBe("::ffff:0:1");
});

test("an endpoint has brackets around an IPv6 address only", () => {
  expect(endpoint("192.0.2.1", 9092)).toBe("192.0.2.1:9092");
  expect(endpoint("2001:db8::1", 9092)).toBe("[2001:db8::1]:9092");
});
