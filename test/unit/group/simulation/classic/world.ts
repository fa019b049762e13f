/**
 * One schedule: clients and a coordinator, on whom a seed lets fall what can happen, and then calm.
 */
import type { ClassicGroup } from "../../../../../src/group/classic/group.ts";
import { KafkaError } from "../../../../../src/protocol/errors.ts";
import { SeededRandom } from "../../../../support/random.ts";
import { GroupBench } from "../../classic/support/bench.ts";
import { Network } from "../network.ts";
import { Client, GROUP, REBALANCE_MS, SESSION_MS } from "./client.ts";
import { SimulatedClock } from "./clock.ts";
import { checkGroup, checkReplay, checkTimers } from "./group-checks.ts";
import { identityOf } from "./identity.ts";
import { Ledger, partitionsIn } from "./ledger.ts";

const PARTITIONS = ["0", "1", "2", "3", "4", "5", "6"];
/** How long a message may take. */
const LATEST_MS = 15_000;
const CHAOS_MS = 30_000;
/** What a group may need to settle: sessions and rebalances that began in the chaos, and those that follow from them. */
const SETTLE_MS = 20 * (SESSION_MS + REBALANCE_MS);
const STEP_MS = 500;

/** What happened in a schedule, to see that enough does. */
export interface Events {
  generations: number;
  restarts: number;
  failedWrites: number;
  crashes: number;
  departures: number;
  fenced: number;
  requests: number;
  settledAfterMs: number;
}

export class World {
  readonly bench = new GroupBench(new SimulatedClock());
  readonly ledger = new Ledger();
  readonly network: Network;
  readonly events: Events = {
    generations: 0,
    restarts: 0,
    failedWrites: 0,
    crashes: 0,
    departures: 0,
    fenced: 0,
    requests: 0,
    settledAfterMs: 0,
  };
  private readonly random: SeededRandom;
  private readonly clients: Client[];
  private seenRecords = 0;

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    this.random = random;
    this.network = new Network(this.bench, random, LATEST_MS);
    this.bench.config.groupInitialRebalanceDelayMs = random.pick([0, 0, 1_000, 3_000]);
    this.bench.config.groupMaxSize = random.pick([1_000, 1_000, 1_000, 3]);
    this.bench.afterOperation = () => this.check();
    const size = 1 + random.below(5);
    this.clients = Array.from({ length: size }, (_, i) => this.newClient(i));
  }

  get group(): ClassicGroup | undefined {
    const group = this.bench.shard.groups.get(GROUP);
    return group?.type === "classic" ? group : undefined;
  }

  /** Runs the schedule. Throws when something contradicts, or the group doesn't settle. */
  run(): void {
    const { clock } = this.bench;
    for (let passedMs = 0; passedMs < CHAOS_MS; passedMs += STEP_MS) {
      this.letHappen();
      clock.advance(this.random.below(2 * STEP_MS));
    }
    this.calm();
    clock.advance(LATEST_MS); // Until the last message from then has arrived.
    const calmFrom = clock.now();
    while (!this.isSettled()) {
      if (clock.now() - calmFrom > SETTLE_MS) throw new Error(`the group doesn't settle: ${this.describe()}`);
      clock.advance(STEP_MS);
    }
    this.events.settledAfterMs = clock.now() - calmFrom;
    this.events.failedWrites = this.bench.failedWrites;
    clock.advance(SESSION_MS + REBALANCE_MS);
    if (!this.isSettled()) throw new Error(`the group settles and doesn't stay so: ${this.describe()}`);
    if (this.network.unanswered > 0) throw new Error(`${this.network.unanswered} requests are not answered`);
    if (this.group !== undefined) checkReplay(this.bench);
  }

  /** Heads or tails. */
  coin(): boolean {
    return this.random.below(2) === 0;
  }

  /** Divides the partitions among members. */
  assign(memberIds: readonly string[]): Map<string, string> {
    const shares = new Map<string, string[]>(memberIds.map((id) => [id, []]));
    if (memberIds.length > 0)
      for (const partition of PARTITIONS) shares.get(this.random.pick(memberIds))?.push(partition);
    return new Map(Array.from(shares, ([id, share]) => [id, share.join(",")]));
  }

  private newClient(index: number): Client {
    const { random } = this;
    const isStatic = random.below(3) === 0;
    const version = isStatic ? random.pick([5, 8, 9]) : random.pick([0, 3, 4, 9]);
    return new Client(this, `${isStatic ? "static" : "dynamic"}${index}`, version, this.protocols(), "topic");
  }

  /** Both always: of a group that was loaded only the chosen one is known, and who has only the other isn't let in. */
  private protocols(): string[] {
    return this.random.pick([
      ["range", "sticky"],
      ["sticky", "range"],
    ]);
  }

  private letHappen(): void {
    const { random } = this;
    const client = random.pick(this.clients);
    const dice = random.below(100);
    if (!client.isUp) {
      if (dice < 40) client.start();
    } else if (dice < 4) {
      this.events.crashes++;
      client.crash();
    } else if (dice < 7) {
      this.events.departures++;
      client.leave();
    } else if (dice < 10) client.subscribe(`topic${random.below(3)}`, this.protocols());
    else if (dice < 13) client.rejoin();
    if (random.below(100) < 3) this.restart();
    if (random.below(100) < 3) this.bench.failure = new KafkaError("NOT_COORDINATOR", "The write fails.");
  }

  /** What was sent to the coordinator before reaches nobody. */
  private restart(): void {
    if (!this.network.coordinatorIsUp) return;
    this.events.restarts++;
    this.ledger.incarnation++;
    this.network.restartCoordinator(this.random.below(4_000));
  }

  private calm(): void {
    this.network.calm();
    this.bench.failure = undefined;
    this.bench.config.groupMaxSize = 1_000;
  }

  /** After every operation of the coordinator: answers that were given leave, and everything has to fit. */
  private check(): void {
    this.events.requests++;
    for (const record of this.bench.records(this.seenRecords)) {
      if (record.type === "GroupMetadata" && record.value !== null) this.ledger.wrote(record.value);
    }
    const grew = this.seenRecords !== this.bench.log.length;
    this.seenRecords = this.bench.log.length;
    this.network.collect();
    const { group } = this;
    if (group === undefined) return;
    this.events.generations = Math.max(this.events.generations, group.generationId);
    checkGroup(group);
    checkTimers(this.bench, group);
    if (grew) checkReplay(this.bench);
  }

  private isSettled(): boolean {
    for (const client of this.clients) {
      if (client.phase !== "fenced") continue;
      this.events.fenced++;
      client.start(); // As whoever looks after the process would.
    }
    const { group } = this;
    const up = this.clients.filter(({ isUp }) => isUp);
    if (up.length === 0) return group === undefined || group.state === "Empty";
    if (group?.state !== "Stable" || group.members.size !== up.length) return false;
    const isInPlace = (client: Client) =>
      client.phase === "stable" &&
      client.generationId === group.generationId &&
      group.members.get(client.memberId)?.assignment.toString() === client.assignment;
    if (!up.every(isInPlace)) return false;
    const owned = up.flatMap(({ assignment }) => partitionsIn(assignment)).sort();
    if (owned.join() !== PARTITIONS.join()) throw new Error(`settled, with partitions ${owned}`);
    return true;
  }

  private describe(): string {
    const clients = this.clients.map((c) => `${c.clientId} ${c.phase} ${c.generationId} ${c.memberId}`);
    const { group } = this;
    const members = group === undefined ? [] : Array.from(group.members, (m) => identityOf(m.memberId));
    return `${group?.state} ${group?.generationId} of ${members}; ${clients.join("; ")}`;
  }
}
