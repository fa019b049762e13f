/**
 * Acceptance of consumer groups: schedules of joins, departures, crashes, lost and late messages, changes of topics and
 * subscriptions, failed writes and restarts of the coordinator, made from seeds. In none do two members consume the same
 * partition; all settle; and the log leads to the state there is.
 */

import { World } from "./consumer/world.ts";
import { testSchedules } from "./schedules.ts";

testSchedules("a consumer group keeps its promises", (seed) => new World(seed), {
  count: 10_000,
  atATime: 1_000,
});
