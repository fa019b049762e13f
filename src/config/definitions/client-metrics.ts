/**
 * Client metrics subscriptions (KIP-714): which clients push which metrics how often.
 */
import { int, list } from "../definition.ts";
import { anyList } from "../validators.ts";

export const clientMetricsDefinitions = [
  list("metrics", "", anyList),
  int("interval.ms", 300_000),
  list("match", "", anyList),
];
