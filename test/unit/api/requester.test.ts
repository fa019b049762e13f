import { expect, test } from "bun:test";
import { javaAddress } from "../../../src/api/requester.ts";

test("Addresses are told as Java prints them", () => {
  expect(javaAddress("127.0.0.1")).toBe("127.0.0.1");
  expect(javaAddress("::1")).toBe("0:0:0:0:0:0:0:1");
  expect(javaAddress("::")).toBe("0:0:0:0:0:0:0:0");
  expect(javaAddress("fe80::0a:b%eth0")).toBe("fe80:0:0:0:0:0:a:b%eth0");
  expect(javaAddress("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2:3:4:5:6");
  expect(javaAddress("::ffff:10.0.0.7")).toBe("10.0.0.7");
});
