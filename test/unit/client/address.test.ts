import { describe, expect, test } from "bun:test";
import { addressText, parseAddresses } from "../../../src/client/address.ts";
import { ClientConfigError } from "../../../src/client/errors.ts";

describe("bootstrap.servers", () => {
  test("may name several brokers, with blanks and a listener's name", () => {
    expect(parseAddresses("one:9092, two:9093,PLAINTEXT://three:9094,")).toEqual([
      { host: "one", port: 9092 },
      { host: "two", port: 9093 },
      { host: "three", port: 9094 },
    ]);
  });

  test("may name an address of IPv6 in brackets, and it is written with them", () => {
    const [address] = parseAddresses("[::1]:9092");
    expect(address).toEqual({ host: "::1", port: 9092 });
    expect(address && addressText(address)).toBe("[::1]:9092");
  });

  test.each(["", " , ", "localhost", "localhost:", "localhost:port", ":9092", "localhost:65536", "a b:1:2"])(
    "%p names no broker",
    (text) => {
      expect(() => parseAddresses(text)).toThrow(ClientConfigError);
    },
  );
});
