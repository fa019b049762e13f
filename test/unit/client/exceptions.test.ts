import { expect, test } from "bun:test";
import { javaText, serverError } from "../../../src/client/check-error.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";

test("every error of Kafka's has its exception, and words", () => {
  for (const [name, code] of Object.entries(ErrorCode)) {
    if (name === "NONE") continue;
    const error = serverError(code);
    expect(error && javaText(error)).toMatch(/^org\.apache\.kafka\.common\.errors\.[A-Z]\w+: .{10,}$/);
    expect(error?.message).not.toBe(name);
  }
});

test("an error is told in the broker's words, and else in ours", () => {
  expect(serverError(0)).toBeNull();
  expect(serverError(69, "Group g not found.")?.message).toBe("Group g not found.");
  const error = serverError(69);
  expect(error && javaText(error)).toBe(
    "org.apache.kafka.common.errors.GroupIdNotFoundException: There is no such group.",
  );
});
