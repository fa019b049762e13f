/**
 * Acceptance of transactions: schedules, made from seeds, in which the broker dies between any two writes to the
 * coordinator's log, the partitions, their markers, and the offsets. After recovery every transaction is wholly visible
 * or wholly not, as its producer was told, and nothing hangs.
 */
import { expect, test } from "bun:test";
import { type Events, World } from "./simulation/world.ts";

const SCHEDULES = 10_000;
const AT_A_TIME = 1_000;

async function runSchedules(first: number, count: number): Promise<Events> {
  const total: Events = { ...new World(first).events };
  for (let seed = first; seed < first + count; seed++) {
    const world = new World(seed);
    try {
      await world.run();
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    for (const name of Object.keys(total) as (keyof Events)[]) total[name] += world.events[name];
  }
  return total;
}

for (let first = 1; first <= SCHEDULES; first += AT_A_TIME) {
  test(`transactions are whole or nothing in the schedules ${first} to ${first + AT_A_TIME - 1}`, async () => {
    const happened = await runSchedules(first, AT_A_TIME);
    for (const count of Object.values(happened)) expect(count).toBeGreaterThan(0);
    expect(happened.commits).toBeGreaterThan(AT_A_TIME);
    expect(happened.deaths).toBeGreaterThan(AT_A_TIME);
  }, 120_000);
}
