/**
 * What every membership does alike: lives until it is told to leave, and waits for brokers that are away.
 */
import type { KafkaClient } from "../client.ts";
import { TimeoutError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import type { MemberIdentity } from "./committed-offsets.ts";
import type { Membership, MembershipOwner } from "./membership.ts";
import { Nudge } from "./nudge.ts";

export abstract class LivingMembership implements Membership {
  protected isLeaving = false;
  /** Who has once had partitions waits for as long as the brokers are away. */
  protected hasBegun = false;
  protected readonly nudge = new Nudge();

  constructor(
    protected readonly client: KafkaClient,
    protected readonly owner: MembershipOwner,
  ) {}

  abstract get identity(): MemberIdentity | null;

  /** What it does until it is to leave; ends with an error that nothing helps against. */
  protected abstract live(): Promise<void>;

  /** Tells who has to know that it leaves. */
  protected abstract sayGoodbye(): Promise<void>;

  start(): void {
    this.live().catch((error) => this.owner.failed(error));
  }

  subscriptionMayHaveChanged(): void {
    this.nudge.now();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    this.nudge.now();
    await this.sayGoodbye();
  }

  /** Lets the next try begin anew; throws the error if another try is of no use. */
  protected tryAgainAfter(error: unknown): void {
    if (!isRetriable(error) && !(error instanceof TimeoutError && this.hasBegun)) throw error;
    this.client.forget();
  }
}
