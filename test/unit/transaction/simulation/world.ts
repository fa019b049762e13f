/**
 * A schedule made from a seed: producers of all kinds that begin, write, commit, abort, vanish and fence each other, over
 * a broker that dies between any two writes to its disk. In the end, when all has settled, every transaction is wholly
 * visible or wholly not, and what its producer was told is true.
 */
import { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { ManualClock } from "../../net/support/manual-clock.ts";
import { type Machine, SimulatedBroker, settingsFor } from "./broker.ts";
import { checkAttempts } from "./checks.ts";
import { type Attempt, type Random, SimulatedProducer } from "./producer.ts";

const STEPS = 40;
/** Which of the producers is the rival. */
const RIVAL = 2;
const FOR_A_KILL = settingsFor(false);
const FOR_A_POWER_CUT = settingsFor(true);

/** What has happened, to know that the schedules try what they are to try. */
export interface Events {
  commits: number;
  aborts: number;
  unknown: number;
  abandoned: number;
  deaths: number;
  deathsAtStart: number;
  withOffsets: number;
  failedWrites: number;
}

export class World {
  readonly events: Events = {
    commits: 0,
    aborts: 0,
    unknown: 0,
    abandoned: 0,
    deaths: 0,
    deathsAtStart: 0,
    withOffsets: 0,
    failedWrites: 0,
  };
  private readonly machine: Machine;
  private readonly random: Random;
  private readonly flushes: boolean;
  private readonly attempts: Attempt[] = [];
  private readonly producers: SimulatedProducer[];
  private broker: SimulatedBroker;

  constructor(seed: number) {
    const disk = new SimulatedDisk(seed * 2654435761);
    this.random = (limit) => disk.random(limit);
    this.flushes = this.random(2) === 0;
    const settings = this.flushes ? FOR_A_POWER_CUT : FOR_A_KILL;
    this.machine = { disk, clock: new ManualClock(), settings, nextProducerId: 0n };
    this.broker = new SimulatedBroker(this.machine);
    // A producer of each id, and a rival of the first; each of either generation.
    this.producers = ["a", "b", "a"].map(
      (id) => new SimulatedProducer(id, this.random(3) > 0, id === "a" ? 0 : 1, this.attempts, this.random),
    );
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      await this.during(this.step());
      if (this.isDark) await this.startAgain();
    }
    await this.settle();
    await checkAttempts(this.broker, this.attempts);
    this.count();
  }

  /** Lets time pass, and the broker die, while something is under way. */
  private async during(work: Promise<void>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    for (await settled(); !isDone; await settled()) {
      if (this.isDark) await this.startAgain();
      else this.machine.clock.advance(10);
    }
    await done;
  }

  private async step(): Promise<void> {
    const choice = this.random(24);
    if (choice < 2) this.pullThePlugSoon();
    else if (choice === 23) this.failOneWriteSoon();
    else if (choice === 2) this.one().restart();
    else if (choice < 5) this.machine.clock.advance(this.random(100) === 0 ? 70_000 : 1 + this.random(400));
    else if (choice < 8) await Promise.all([this.one().step(this.broker), this.one().step(this.broker)]);
    else await this.one().step(this.broker);
  }

  private one(): SimulatedProducer {
    // The rival fences and is fenced: not too often, or nobody ever commits.
    const index = this.random(10) === 0 ? RIVAL : this.random(RIVAL);
    const producer = this.producers[index];
    if (producer === undefined) throw new Error("there is nobody");
    return producer;
  }

  private pullThePlugSoon(): void {
    const { disk } = this.machine;
    disk.powerOffAfter = disk.changes + this.random(12);
  }

  /** A write to some log fails, and the next one doesn't. */
  private failOneWriteSoon(): void {
    const { disk } = this.machine;
    let left = this.random(4);
    disk.failure = (operation, path) => {
      if (operation !== "write" || !path.endsWith(".log") || left-- > 0) return undefined;
      disk.failure = () => undefined;
      this.events.failedWrites++;
      return "EMFILE";
    };
  }

  private get isDark(): boolean {
    const { disk } = this.machine;
    return disk.changes >= disk.powerOffAfter;
  }

  /** After a kill everything that was written is there; after a power cut, what was flushed, and perhaps more. */
  private async startAgain(): Promise<void> {
    const { disk, clock } = this.machine;
    for (;;) {
      this.broker.kill();
      this.events.deaths++;
      disk.crash(this.flushes ? ((["keep", "drop", "tear"] as const)[this.random(3)] ?? "keep") : "keep");
      if (this.random(4) === 0) this.pullThePlugSoon();
      try {
        this.broker = new SimulatedBroker(this.machine);
        clock.advance(this.random(200));
        await settled();
      } catch (error) {
        if (!this.isDark) throw error;
        this.events.deathsAtStart++;
      }
      if (!this.isDark) return;
    }
  }

  /** Lets everything come to its end: what is decided is completed, and what is left open times out. */
  private async settle(): Promise<void> {
    this.machine.disk.powerOffAfter = Number.POSITIVE_INFINITY;
    this.machine.disk.failure = () => undefined;
    for (let turn = 0; turn < 20; turn++) {
      this.machine.clock.advance(5000);
      await settled();
    }
  }

  private count(): void {
    for (const { outcome, hasOffset } of this.attempts) {
      if (outcome === "committed") this.events.commits++;
      else if (outcome === "aborted") this.events.aborts++;
      else if (outcome === "unknown") this.events.unknown++;
      else this.events.abandoned++;
      if (hasOffset && outcome === "committed") this.events.withOffsets++;
    }
  }
}

/** Promises that have nothing to wait for but each other are done then. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
