import { afterAll, expect, test } from "bun:test";
import { removeTemporaryFolders } from "../support/broker-process.ts";
import { runCampaign } from "./crash-campaign/campaign.ts";

afterAll(removeTemporaryFolders);

test("a broker that is killed again and again loses, repeats and reorders no acknowledged record, and no committed offset goes back", async () => {
  const rounds = 20;
  const counts = await runCampaign({ rounds, seed: 6 });
  expect(counts.rounds).toBe(rounds);
  expect(counts.acknowledgedRecords).toBeGreaterThan(rounds);
  expect(counts.consumed).toBeGreaterThan(0);
  expect(counts.commits).toBeGreaterThan(0);
}, 120_000);
