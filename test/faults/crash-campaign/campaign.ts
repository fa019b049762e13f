/**
 * Runs a producer and a consumer group against the compiled broker, kills it with SIGKILL again and again at random
 * instants, and holds it to what it has promised.
 */
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../src/protocol/messages/create-topics.ts";
import { type BrokerProcess, freePort, startBroker, temporaryFolder } from "../../support/broker-process.ts";
import { runCommand } from "../../support/command-run.ts";
import { readPartition } from "../../support/partition-digest.ts";
import { SeededRandom } from "../../support/random.ts";
import { RawClient } from "../../support/raw-client.ts";
import { check, TryAgain } from "./errors.ts";
import { GroupMember } from "./group-member.ts";
import { Broken, Ledger, type Place } from "./ledger.ts";
import { CampaignProducer } from "./producer.ts";

export interface CampaignOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly log?: (line: string) => void;
}

/** Small segments, so that some are rolled; one topic acknowledges only what is on the device. */
const topics = [
  { name: "plain", partitions: 2, configs: { "segment.bytes": "1048576", "index.interval.bytes": "1024" } },
  { name: "flushed", partitions: 1, configs: { "flush.messages": "1" } },
  {
    name: "stamped",
    partitions: 1,
    configs: { "message.timestamp.type": "LogAppendTime", "segment.bytes": "1048576" },
  },
] as const;
const MEMBERS = 2;
/** Milliseconds that a broker runs before it is killed, at most. */
const LONGEST_ROUND_MS = 500;
/** In one of so many rounds the broker is killed before it serves. */
const KILLED_AT_START = 10;
const LONGEST_START_MS = 80;
/** The directory is checked after one of so many rounds. */
const CHECK_EVERY = 10;
const RETRY_MS = 10;

/** Runs the campaign. Throws Broken when a promise is broken, or an Error when the broker doesn't come back. */
export async function runCampaign({
  rounds,
  seed,
  log = () => {},
}: CampaignOptions): Promise<Ledger["counts"]> {
  const campaign = new Campaign(seed);
  try {
    await campaign.begin();
    for (let round = 1; round <= rounds; round++) {
      await campaign.round(round === rounds);
      if (round % CHECK_EVERY === 0) log(`${round} rounds: ${JSON.stringify(campaign.ledger.counts)}`);
    }
    await campaign.end();
    return campaign.ledger.counts;
  } finally {
    await campaign.giveUp();
  }
}

class Campaign {
  readonly ledger = new Ledger(
    topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition): Place => ({ topic: name, partition })),
    ),
  );
  private readonly random: SeededRandom;
  private readonly logDirectory = join(temporaryFolder(), "data");
  private port = 0;
  private broker: BrokerProcess | null = null;
  private isOver = false;
  private failure: unknown;
  private clients: Promise<void>[] = [];

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  async begin(): Promise<void> {
    this.port = await freePort();
    await this.start();
    const client = await RawClient.connect(this.port);
    const answer = await client.request(CreateTopicsRequest, CreateTopicsResponse, 6, {
      topics: topics.map(({ name, partitions, configs }) => ({
        name,
        numPartitions: partitions,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      })),
      timeoutMs: 5000,
      validateOnly: false,
    });
    for (const { name, errorCode } of answer.topics) check(errorCode, `CreateTopics of ${name}`);
    client.close();
    const ownRandom = () => new SeededRandom(this.random.below(2 ** 30));
    const parties = [
      new CampaignProducer(this.ledger, ownRandom()),
      ...Array.from({ length: MEMBERS }, () => new GroupMember(this.ledger, ownRandom())),
    ];
    this.clients = parties.map((party) => this.keepRunning(party));
  }

  /** Lets everybody work for a while, kills the broker, and starts it again. */
  async round(isLast: boolean): Promise<void> {
    const { counts } = this.ledger;
    await Bun.sleep(this.random.below(LONGEST_ROUND_MS));
    await this.broker?.kill();
    counts.rounds++;
    this.checkAlive();
    if (this.random.below(KILLED_AT_START) === 0) await this.killAtStart();
    if (isLast || counts.rounds % CHECK_EVERY === 0) await this.checkDirectory();
    await this.start();
  }

  /** Lets the clients finish, and reads all there is once more: after a clean stop and a start. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.clients);
    this.checkAlive();
    await this.broker?.stop();
    await this.checkDirectory();
    await this.start();
    const client = await RawClient.connect(this.port);
    for (const place of this.ledger.places) {
      let next = 0;
      const { end } = await readPartition(client, place.topic, place.partition, (record) => {
        if (record.offset !== next)
          throw new Broken(`${place.topic} has offset ${record.offset} where ${next} is next`);
        this.ledger.checkRecord(place, record.offset, record.value);
        next++;
      });
      this.ledger.checkEnd(place, end);
      this.ledger.checkEnd(place, next);
    }
    client.close();
    await this.broker?.stop();
  }

  async giveUp(): Promise<void> {
    this.isOver = true;
    this.failure ??= new Error("the campaign has ended");
    await this.broker?.kill();
    await Promise.allSettled(this.clients);
  }

  private async start(spawned: (pid: number) => void = () => {}): Promise<void> {
    const properties = { listeners: `PLAINTEXT://127.0.0.1:${this.port}` };
    const { logDirectory, port } = this;
    this.broker = await startBroker({ logDirectory, port, properties, spawned });
  }

  /** Kills the broker while it recovers, reads its metadata, or has just begun to listen. */
  private async killAtStart(): Promise<void> {
    this.ledger.counts.killedAtStart++;
    const afterMs = this.random.below(LONGEST_START_MS);
    let killed = Promise.resolve();
    const kill = async (pid: number) => {
      await Bun.sleep(afterMs);
      process.kill(pid, "SIGKILL");
    };
    // Whether it had come so far as to listen or not.
    await this.start((pid) => {
      killed = kill(pid);
    }).catch(() => undefined);
    await killed;
    await this.broker?.exited;
  }

  /** What a killed broker leaves has nothing that a start doesn't put right. */
  private async checkDirectory(): Promise<void> {
    this.ledger.counts.checks++;
    const { code, lines } = await runCommand("check", "--deep-iteration", this.logDirectory);
    if (code !== 0) throw new Broken(`what a killed broker left is not in order:\n${lines.join("\n")}`);
  }

  private checkAlive(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async keepRunning(party: CampaignProducer | GroupMember): Promise<void> {
    while (this.failure === undefined) {
      try {
        await party.run(this.port, () => this.isOver);
        if (this.isOver) return;
      } catch (error) {
        if (error instanceof Broken) this.failure ??= error;
        // The connection has ended, or the broker isn't ready: the next one may be.
        await Bun.sleep(error instanceof TryAgain ? 2 * RETRY_MS : RETRY_MS);
      }
    }
  }
}
