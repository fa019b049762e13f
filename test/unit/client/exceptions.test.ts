import { expect, test } from "bun:test";
import { javaText, serverError } from "../../../src/client/check-error.ts";
import { exceptions } from "../../../src/client/exceptions.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";

test("every error of Kafka's has its exception, and words", () => {
  expect(Object.keys(exceptions).sort()).toEqual(
    Object.keys(ErrorCode)
      .filter((name) => name !== "NONE")
      .sort(),
  );
  for (const [name, words] of Object.values(exceptions)) {
    expect(name).toMatch(/^[A-Z]\w+$/);
    expect(words.length).toBeGreaterThan(10);
  }
});

test("an error is told in the broker's words, and else in Kafka's", () => {
  expect(serverError(0)).toBeNull();
  expect(serverError(69, "Group g not found.")?.message).toBe("Group g not found.");
  const error = serverError(69);
  expect(error && javaText(error)).toBe(
    "org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.",
  );
});
