/**
 * Acceptance of consumer groups: schedules of joins, departures, crashes, lost and late messages, changes of topics and
 * subscriptions, failed writes and restarts of the coordinator, made from seeds. In none do two members consume the same
 * partition; all settle; and the log leads to the state there is.
 */
import { expect, test } from "bun:test";
import { type Events, World } from "./consumer/world.ts";

const SCHEDULES = 10_000;
const AT_A_TIME = 1_000;

function runSchedules(first: number, count: number): Events {
  const total: Events = { ...new World(first).events };
  for (let seed = first; seed < first + count; seed++) {
    const world = new World(seed);
    try {
      world.run();
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    for (const name of Object.keys(total) as (keyof Events)[]) total[name] += world.events[name];
  }
  return total;
}

for (let first = 1; first <= SCHEDULES; first += AT_A_TIME) {
  test(`a consumer group keeps its promises in the schedules ${first} to ${first + AT_A_TIME - 1}`, () => {
    const happened = runSchedules(first, AT_A_TIME);
    for (const count of Object.values(happened)) expect(count).toBeGreaterThan(AT_A_TIME / 10);
  }, 120_000);
}
