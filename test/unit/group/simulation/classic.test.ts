/**
 * Acceptance of classic groups: schedules of joins, departures, crashes, lost and late messages, failed writes and
 * restarts of the coordinator, made from seeds. In none do two members of a generation learn different things of it,
 * or own the same partition; all settle; and the log leads to the state there is.
 */
import { World } from "./classic/world.ts";
import { testSchedules } from "./schedules.ts";

testSchedules("a classic group keeps its promises", (seed) => new World(seed), {
  count: 10_000,
  atATime: 1_000,
  // Processes rarely come to have the same name.
  often: { generations: 3, restarts: 1, fenced: 1 / 1_000 },
});
