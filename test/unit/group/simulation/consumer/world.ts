/**
 * One schedule: consumers and a coordinator, on whom a seed lets fall what can happen, and then calm.
 */
import type { ConsumerGroup } from "../../../../../src/group/consumer/group.ts";
import { topicRegex } from "../../../../../src/group/consumer/regex/regex.ts";
import { KafkaError } from "../../../../../src/protocol/errors.ts";
import { randomUuid } from "../../../../../src/protocol/uuid.ts";
import { SeededRandom } from "../../../../support/random.ts";
import { ConsumerBench } from "../../consumer/support/bench.ts";
import { Network } from "../network.ts";
import { type Client, GROUP, HEARTBEAT_MS, REBALANCE_MS, SESSION_MS, type Subscription } from "./client.ts";
import { ConsumerClient } from "./consumer-client.ts";
import { checkPartitions, checkReplay, checkTimers } from "./group-checks.ts";

export const TOPICS = ["apples", "bananas", "cherries"];
const REGEXES = ["a.*", ".*an.*", "(apples|cherries)", ".*"];
/** How long a message may take. */
const LATEST_MS = 4_000;
const CHAOS_MS = 15_000;
const STEP_MS = 400;
/** Of expired members, revocations that take their time, and regular expressions that are resolved every ten seconds. */
const SETTLE_MS = 60_000;
/** How long it then has to stay as it is. */
const STAY_MS = SESSION_MS + 2 * REBALANCE_MS;

/** What happened in a schedule, to see that enough does. */
export interface Events {
  requests: number;
  restarts: number;
  failedWrites: number;
  crashes: number;
  departures: number;
  fencings: number;
  /** Undefined where topics stay as they are. */
  topicChanges?: number;
  moves: number;
  /** How often the group has become one of the other type, where that can be. */
  conversions?: number;
}

export class World {
  readonly bench = new ConsumerBench();
  readonly random: SeededRandom;
  readonly network: Network;
  readonly events: Events = {
    requests: 0,
    restarts: 0,
    failedWrites: 0,
    crashes: 0,
    departures: 0,
    fencings: 0,
    moves: 0,
  };
  readonly assignor: string | null;
  /** Whether clients of the classic protocol keep what they have while they join. */
  readonly isCooperative: boolean;
  protected readonly clients: Client[];
  private memberIds = 0;
  private seenRecords = 0;
  private readonly inGroup = new Set<string>();

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    this.random = random;
    this.network = new Network(this.bench, random, LATEST_MS);
    this.assignor = random.pick([null, null, "uniform", "range"]);
    this.isCooperative = random.below(2) === 0;
    const { config, groupConfig, topics } = this.bench;
    config.groupConsumerMaxSize = random.pick([1_000, 1_000, 1_000, 3]);
    groupConfig.sessionTimeoutMs = SESSION_MS;
    groupConfig.heartbeatIntervalMs = HEARTBEAT_MS;
    groupConfig.assignmentIntervalMs = random.pick([0, 0, 1_000]);
    for (const name of TOPICS) if (random.below(4) > 0) topics.set(name, 1 + random.below(5));
    this.bench.afterOperation = () => this.check();
    this.clients = Array.from({ length: 1 + random.below(5) }, (_, index) => this.newClient(index));
  }

  get group(): ConsumerGroup | undefined {
    const group = this.bench.shard.groups.get(GROUP);
    return group?.type === "consumer" ? group : undefined;
  }

  /** Runs the schedule. Throws when something contradicts, or the group doesn't settle. */
  run(): void {
    const { clock } = this.bench;
    for (const endMs = clock.now() + CHAOS_MS; clock.now() < endMs; ) {
      this.letHappen();
      clock.advance(this.random.below(2 * STEP_MS));
    }
    this.calm();
    clock.advance(LATEST_MS); // Until the last message from then has arrived.
    const deadlineMs = clock.now() + SETTLE_MS;
    // Regular expressions may still be resolved again, and lead to another assignment.
    for (let settledMs = 0; settledMs < STAY_MS; settledMs += STEP_MS) {
      if (!this.isSettled()) settledMs = 0;
      if (clock.now() > deadlineMs) throw new Error(`the group doesn't settle: ${this.describe()}`);
      clock.advance(STEP_MS);
    }
    this.checkEnd();
  }

  newMemberId(): string {
    this.memberIds++;
    return randomUuid((bytes) => bytes.fill(this.memberIds));
  }

  /** How long a client takes to give up partitions: sometimes longer than it may. */
  revocationMs(): number {
    return this.random.below(this.random.below(8) === 0 ? 2 * REBALANCE_MS : 500);
  }

  /** Throws when two clients that the group counts on consume one partition. */
  ownershipChanged(): void {
    this.events.moves++;
    const owners = new Map<string, string>();
    for (const { memberId, owned } of this.clients.filter((client) => this.countsOn(client))) {
      for (const key of owned) {
        const owner = owners.get(key);
        if (owner !== undefined)
          throw new Error(`${owner} and ${memberId} consume ${key}: ${this.describe()}`);
        owners.set(key, memberId);
      }
    }
  }

  /** One that is up and in the group. Who has been fenced consumes until it hears of it. */
  private countsOn(client: Client): boolean {
    return client.isUp && !client.isGivenUp && this.hasMember(client.memberId) && this.isUpToDate(client);
  }

  protected isUpToDate(_client: Client): boolean {
    return true;
  }

  protected hasMember(memberId: string): boolean {
    return this.group?.members.has(memberId) === true;
  }

  /** Notes who has been in the group and isn't any more. */
  protected noteGivenUp(): void {
    for (const client of this.clients) {
      const isThere = client.isUp && this.hasMember(client.memberId);
      if (!isThere && this.inGroup.delete(client.memberId)) client.isGivenUp = true;
      else if (isThere) this.inGroup.add(client.memberId);
    }
  }

  protected newClient(index: number): Client {
    const instanceId = this.random.below(3) === 0 ? `instance-${index}` : null;
    return new ConsumerClient(this, instanceId, this.newSubscription());
  }

  protected newSubscription(): Subscription {
    const { random } = this;
    if (random.below(4) === 0) return { regex: random.pick(REGEXES) };
    return { names: TOPICS.filter(() => random.below(4) > 0) };
  }

  protected letHappen(): void {
    const { random } = this;
    const client = random.pick(this.clients);
    const dice = random.below(100);
    if (client.isFenced || (!client.isUp && dice < 40)) client.start();
    else if (client.isUp && dice < 4) {
      this.events.crashes++;
      client.crash();
    } else if (client.isUp && dice < 8) {
      this.events.departures++;
      client.leave();
    } else if (client.isUp && dice < 12) client.subscribe(this.newSubscription());
    if (random.below(100) < 4) this.changeTopics();
    if (random.below(100) < 4) this.restart();
    if (random.below(100) < 3) this.bench.failure = new KafkaError("NOT_COORDINATOR", "The write fails.");
  }

  protected changeTopics(): void {
    const { topics } = this.bench;
    const name = this.random.pick(TOPICS);
    const count = topics.byName(name)?.partitionCount ?? 0;
    this.events.topicChanges = (this.events.topicChanges ?? 0) + 1;
    if (count > 0 && this.random.below(3) === 0) topics.delete(name);
    else topics.set(name, count + 1 + this.random.below(2));
  }

  protected restart(): void {
    if (!this.network.coordinatorIsUp) return;
    this.events.restarts++;
    const { group } = this;
    if (group !== undefined) checkReplay(this.bench, group);
    this.network.restartCoordinator(this.random.below(3_000));
  }

  protected calm(): void {
    this.network.calm();
    this.bench.failure = undefined;
    this.bench.config.groupConsumerMaxSize = 1_000;
  }

  /** After every operation of the coordinator everything has to fit. */
  protected check(): void {
    this.events.requests++;
    this.network.collect();
    if (this.network.coordinatorIsUp) this.noteGivenUp();
    const { group, bench } = this;
    if (bench.complaints.length > 0) throw new Error(bench.complaints.join());
    const grew = this.seenRecords !== bench.log.length;
    this.seenRecords = bench.log.length;
    if (group === undefined || !grew) return;
    checkPartitions(group);
    checkTimers(bench, group);
    this.ownershipChanged();
    this.checkCommits(group);
  }

  /** A member may commit what it has, even if it hasn't heard yet that it is an epoch further. */
  private checkCommits(group: ConsumerGroup): void {
    for (const client of this.clients) {
      const isKnown = client instanceof ConsumerClient && this.countsOn(client) && client.epoch > 0;
      if (!isKnown || group.members.get(client.memberId)?.memberEpoch === 0) continue;
      const validator = group.validateOffsetCommit({
        memberId: client.memberId,
        groupInstanceId: client.instanceId,
        generationIdOrMemberEpoch: client.epoch,
        transactional: false,
        apiVersion: 10,
      });
      for (const key of client.owned) {
        const [topicId, partition] = key.split(":");
        validator?.("topic", topicId as never, Number(partition));
      }
    }
  }

  protected isSettled(): boolean {
    for (const client of this.clients) if (client.isFenced) client.start();
    const { group } = this;
    const up = this.clients.filter(({ isUp }) => isUp);
    if (up.length === 0) return group === undefined || group.isEmpty;
    if (group === undefined || group.state !== "Stable" || group.members.size !== up.length) return false;
    const isInPlace = (client: Client) =>
      client.isMember && group.members.get(client.memberId)?.memberEpoch === client.epoch;
    return up.every(isInPlace) && this.isShared(up);
  }

  /** Whether every partition that somebody subscribes to is consumed by one who does. */
  protected isShared(up: readonly Client[]): boolean {
    for (const name of TOPICS) {
      const topic = this.bench.topics.byName(name);
      const subscribers = up.filter(({ subscription }) => subscribesTo(subscription, name));
      if (topic === undefined) continue;
      for (let partition = 0; partition < topic.partitionCount; partition++) {
        const owners = up.filter(({ owned }) => owned.has(`${topic.id}:${partition}`));
        if (owners.length !== Math.min(subscribers.length, 1)) return false;
        if (!owners.every((owner) => subscribers.includes(owner))) return false;
      }
    }
    return true;
  }

  protected checkEnd(): void {
    const { group, bench } = this;
    this.events.failedWrites = bench.failedWrites;
    if (group !== undefined) checkReplay(bench, group);
  }

  private describe(): string {
    const { group } = this;
    const clients = this.clients.map(
      (c) =>
        `${c.memberId} ${c.isUp ? "up" : "down"} ${c.epoch} [${[...c.owned]}] ${JSON.stringify(c.subscription)}`,
    );
    const members = [...(group?.members.values() ?? [])].map(
      (m) => `${m.memberId} ${m.memberEpoch} in state ${m.state}`,
    );
    return `${group?.state} ${group?.groupEpoch} of ${members.join(", ")}; ${clients.join("; ")}`;
  }
}

function subscribesTo(subscription: Subscription, name: string): boolean {
  return "names" in subscription
    ? subscription.names.includes(name)
    : topicRegex(subscription.regex).matches(name);
}
