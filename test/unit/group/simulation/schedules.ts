/**
 * Runs schedules by the thousand.
 */
import { expect, test } from "bun:test";

interface World {
  /** How often what happened in the schedule. */
  readonly events: object;
  /** Runs the schedule. Throws when a promise isn't kept. */
  run(): void;
}

interface Numbers {
  readonly count: number;
  readonly atATime: number;
  /** What has to happen more often than so many times a schedule; else once in twenty is enough. */
  readonly often?: Readonly<Record<string, number>>;
}

/**
 * Declares tests that run the schedules of the seeds from 1 to `count`, so many at a time. In each of these everything
 * that can happen has to happen often.
 */
export function testSchedules(
  what: string,
  make: (seed: number) => World,
  { count, atATime, often = {} }: Numbers,
): void {
  for (let first = 1; first <= count; first += atATime) {
    test(`${what} in the schedules ${first} to ${first + atATime - 1}`, () => {
      const happened = run(make, first, atATime);
      for (const [name, times] of Object.entries(happened)) {
        const isOften = times > atATime * (often[name] ?? 1 / 20);
        expect({ name, isOften }).toEqual({ name, isOften: true });
      }
    }, 240_000);
  }
}

function run(make: (seed: number) => World, first: number, count: number): Record<string, number> {
  const total: Record<string, number> = {};
  for (let seed = first; seed < first + count; seed++) {
    const world = make(seed);
    try {
      world.run();
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    for (const [name, times] of Object.entries<number>({ ...world.events })) {
      total[name] = (total[name] ?? 0) + times;
    }
  }
  return total;
}
