/**
 * A transactional producer, as careful as a client has to be: it asks again what may or may not have been done, commits
 * nothing that it doesn't know to be written, and begins anew when it is fenced.
 */
import type { ErrorName } from "../../../../src/protocol/errors.ts";
import type { SimulatedBroker } from "./broker.ts";
import {
  type Asker,
  askAdd,
  askAddOffsets,
  askCommitOffset,
  askEnd,
  askInit,
  askProduce,
  type Write,
} from "./requests.ts";

/** A transaction, as its producer knows of it. */
export interface Attempt {
  readonly transactionalId: string;
  readonly number: number;
  /** Values that are acknowledged. */
  readonly written: string[];
  /** Whether its number has been acknowledged as the offset of the id's partition. */
  hasOffset: boolean;
  /** Committed and aborted: the broker has said so. Unknown: a commit was asked for, and its answer never came. */
  outcome: "open" | "committed" | "aborted" | "unknown";
}

export type Random = (limit: number) => number;

const retriable: ReadonlySet<ErrorName | "NONE"> = new Set([
  "NETWORK_EXCEPTION",
  "CONCURRENT_TRANSACTIONS",
  "NOT_ENOUGH_REPLICAS",
  "KAFKA_STORAGE_ERROR",
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "UNKNOWN_SERVER_ERROR",
  "NOT_LEADER_OR_FOLLOWER",
]);

export class SimulatedProducer implements Asker {
  producer = { producerId: -1n, producerEpoch: -1 };
  current: Attempt | undefined;
  private isReady = false;
  private sequences = new Map<number, number>();
  private added = new Set<number>();
  private unanswered: Write | "offset" | undefined;
  private ending: boolean | undefined;
  private count = 0;

  constructor(
    readonly transactionalId: string,
    readonly bumps: boolean,
    /** The partition of `t` whose offset of the group is this id's. */
    private readonly offsetPartition: number,
    private readonly attempts: Attempt[],
    private readonly random: Random,
  ) {}

  /** Does the next thing. */
  async step(broker: SimulatedBroker): Promise<void> {
    if (!this.isReady) return this.init(broker);
    if (this.ending !== undefined) return this.end(broker, this.ending);
    this.current ??= this.begin();
    if (this.unanswered === "offset") return this.commitOffset(broker, this.current);
    if (this.unanswered !== undefined) return this.write(broker, this.unanswered);
    const choice = this.random(10);
    if (choice < 5) return this.write(broker, this.nextWrite(this.current));
    if (choice < 7) return this.commitOffset(broker, this.current);
    // What has written nothing has nothing to show for its end.
    if (this.current.written.length === 0) return this.write(broker, this.nextWrite(this.current));
    this.ending = choice < 9;
    return this.end(broker, this.ending);
  }

  /** Forgets everything, as a process that is started again. */
  restart(): void {
    this.isReady = false;
    this.leave();
  }

  private async init(broker: SimulatedBroker): Promise<void> {
    const { error, producer } = await askInit(broker, this);
    if (error !== "NONE") return;
    this.isReady = true;
    this.goOnAs(producer);
    this.sequences.clear();
  }

  private begin(): Attempt {
    const { transactionalId } = this;
    const number = this.attempts.filter((attempt) => attempt.transactionalId === transactionalId).length + 1;
    const attempt: Attempt = { transactionalId, number, written: [], hasOffset: false, outcome: "open" };
    this.attempts.push(attempt);
    return attempt;
  }

  private nextWrite({ number }: Attempt): Write {
    const partition = this.random(3);
    const value = `${this.transactionalId}:${number}:${this.count++}`;
    return { value, partition, sequence: this.sequences.get(partition) ?? 0 };
  }

  private async write(broker: SimulatedBroker, write: Write): Promise<void> {
    this.unanswered = write;
    if (!this.bumps && !this.added.has(write.partition)) {
      const added = await askAdd(broker, this, write.partition);
      if (added !== "NONE") return this.failed(added);
      this.added.add(write.partition);
    }
    const error = await askProduce(broker, this, write);
    if (error !== "NONE") return this.failed(error);
    this.unanswered = undefined;
    this.sequences.set(write.partition, write.sequence + 1);
    this.current?.written.push(write.value);
  }

  private async commitOffset(broker: SimulatedBroker, attempt: Attempt): Promise<void> {
    this.unanswered = "offset";
    if (!this.bumps) {
      const added = await askAddOffsets(broker, this);
      if (added !== "NONE") return this.failed(added);
    }
    const error = await askCommitOffset(broker, this, this.offsetPartition, attempt.number);
    if (error !== "NONE") return this.failed(error);
    this.unanswered = undefined;
    attempt.hasOffset = true;
  }

  private async end(broker: SimulatedBroker, committed: boolean): Promise<void> {
    if (this.current !== undefined && committed) this.current.outcome = "unknown";
    const { error, producer } = await askEnd(broker, this, committed);
    if (error !== "NONE") return this.failed(error);
    if (this.current !== undefined) this.current.outcome = committed ? "committed" : "aborted";
    this.finish();
    if (this.bumps) {
      this.goOnAs(producer);
      this.sequences.clear();
    }
  }

  private failed(error: ErrorName): void {
    if (!retriable.has(error)) this.restart();
  }

  /** Leaves the transaction to the coordinator. */
  private leave(): void {
    this.unanswered = undefined;
    this.finish();
  }

  private finish(): void {
    this.ending = undefined;
    this.current = undefined;
    this.added.clear();
  }

  private goOnAs({ producerId, producerEpoch }: { producerId: bigint; producerEpoch: number }): void {
    this.producer = { producerId, producerEpoch };
  }
}
