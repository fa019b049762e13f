import { expect, test } from "bun:test";
import { newHexUuid, newUuid } from "../../../src/group/random-ids.ts";

const random = (target: Uint8Array) => void crypto.getRandomValues(target);

test("Ids of members are random uuids, each in the form of its protocol", () => {
  const ids = new Set(Array.from({ length: 100 }, () => newHexUuid(random)));
  expect(ids.size).toBe(100);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newUuid(random)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
});
