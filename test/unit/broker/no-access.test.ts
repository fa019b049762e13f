import { describe, expect, test } from "bun:test";
import { noAccessText, ownershipText } from "../../../src/broker/no-access.ts";

const refused = (code: string, path: string) => Object.assign(new Error("refused"), { code, path });

describe("of a file that the system refuses", () => {
  test("it is said whose it is, who we are, and what to do", () => {
    expect(ownershipText("/data", { uid: 0, gid: 5, mode: 0o40755 }, { uid: 1000, gid: 1001 })).toBe(
      "/data is of user 0 and group 5 with mode 0755, and this process is user 1000 of group 1001. " +
        "Give it to this user (chown -R 1000 /data), or run the broker as user 0",
    );
  });

  test("the nearest folder that is there is told of", () => {
    expect(noAccessText(refused("EACCES", "/none/such/.lock"))).toStartWith("/ is of user 0 ");
  });
});

test("of other errors nothing is said", () => {
  expect(noAccessText(refused("ENOSPC", "/"))).toBeNull();
});
