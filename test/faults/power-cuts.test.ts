import { expect, test } from "bun:test";
import { cutPower } from "./power-cuts/campaign.ts";

test("a broker whose power goes at any change of its disk comes back with all it has acknowledged, and nothing else", async () => {
  const { cuts, changes, acknowledgedRecords } = await cutPower({ stride: 37 });
  expect(changes).toBeGreaterThan(400);
  expect(cuts).toBeGreaterThan(30);
  expect(acknowledgedRecords).toBeGreaterThan(20);
}, 120_000);
