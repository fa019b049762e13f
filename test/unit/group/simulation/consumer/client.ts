/**
 * A process that consumes: of either protocol. Its requests arrive in order, or not at all: who has waited too long
 * opens another connection, and what was on its way on the old one is lost.
 */
import { Answer } from "../../classic/support/bench.ts";
import type { World } from "./world.ts";

export const GROUP = "group";
export const SESSION_MS = 6_000;
export const REBALANCE_MS = 4_000;
export const HEARTBEAT_MS = 1_500;
/** How long a client waits for an answer. */
export const REQUEST_MS = 2_500;
export const BACKOFF_MS = 100;

/** What a client subscribes to: topics by name, or a regular expression. */
export type Subscription = { readonly names: readonly string[] } | { readonly regex: string };

export abstract class Client {
  memberId = "";
  /** The member's epoch, or the generation. */
  epoch = 0;
  isUp = false;
  /** Set when another process has its place. */
  isFenced = false;
  /** Set when the group has given it up and it hasn't heard of that: what it consumes, others consume too. */
  isGivenUp = false;
  /** Partitions that it consumes now, as "topic id:partition". */
  private partitions: ReadonlySet<string> = new Set();
  /** Grows whenever a process starts or ends: what was scheduled before is not for the one after. */
  private life = 0;
  private connection = 0;

  constructor(
    protected readonly world: World,
    /** Null for a dynamic member. */
    readonly instanceId: string | null,
    public subscription: Subscription,
  ) {}

  /** Whether it is in its place in the group, as far as it knows. */
  abstract readonly isMember: boolean;
  protected abstract join(): void;
  protected abstract sendLeave(): void;
  protected abstract beat(): void;

  get owned(): ReadonlySet<string> {
    return this.partitions;
  }

  set owned(partitions: ReadonlySet<string>) {
    this.partitions = partitions;
    this.world.ownershipChanged();
  }

  /** A process starts, and knows nothing of the one before. */
  start(): void {
    this.end();
    this.isUp = true;
    this.isFenced = false;
    this.memberId = this.world.newMemberId();
    this.forget();
    this.join();
    this.beatAgain();
  }

  /** The process ends without a word. */
  crash(): void {
    this.end();
  }

  /** The process ends and says so; it has stopped consuming before. */
  leave(): void {
    this.owned = new Set();
    this.sendLeave();
    this.life++;
    this.isUp = false;
  }

  /** Subscribes to something else. */
  subscribe(subscription: Subscription): void {
    this.subscription = subscription;
  }

  protected forget(): void {
    this.isGivenUp = false;
    this.epoch = 0;
    this.owned = new Set();
  }

  protected fenced(): void {
    this.end();
    this.isFenced = true;
  }

  /** Has something done later, by this process. */
  protected after(delayMs: number, run: () => void): void {
    const { life } = this;
    this.world.bench.clock.schedule(delayMs, () => {
      if (life === this.life) run();
    });
  }

  /** Sends a request; the client gives up what it sent before, and this one too after a while. */
  protected send<R extends { readonly errorCode: number }>(
    perform: () => R | Promise<R>,
    refused: (errorCode: number) => R,
    deliver: (reply: R) => void,
    timeout: { readonly ms: number; readonly run: () => void },
  ): void {
    const connection = ++this.connection;
    const isCurrent = () => connection === this.connection;
    this.world.network.send({
      isConnected: isCurrent,
      perform: () => new Answer(perform()),
      refused,
      deliver: (reply) => {
        if (!isCurrent()) return;
        this.connection++;
        deliver(reply);
      },
    });
    this.after(timeout.ms, () => {
      if (isCurrent()) timeout.run();
    });
  }

  /** The last words of a process: nobody waits for the answer. */
  protected sendLast(perform: () => { readonly errorCode: number }): void {
    const connection = ++this.connection;
    this.world.network.send({
      isConnected: () => connection === this.connection,
      perform: () => new Answer(perform()),
      refused: (errorCode) => ({ errorCode }),
      deliver() {},
    });
  }

  private end(): void {
    this.life++;
    this.connection++;
    this.isUp = false;
    this.owned = new Set();
  }

  private beatAgain(): void {
    this.after(HEARTBEAT_MS, () => {
      this.beat();
      this.beatAgain();
    });
  }
}
