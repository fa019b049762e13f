/**
 * Groups that become consumer groups and classic groups again, because processes of both protocols come and go. What is
 * promised of consumer groups is promised of these too.
 */
import { MixedWorld } from "./consumer/mixed-world.ts";
import { testSchedules } from "./schedules.ts";

testSchedules("a group keeps its promises from one protocol to the other", (seed) => new MixedWorld(seed), {
  count: 3_000,
  atATime: 1_000,
});
