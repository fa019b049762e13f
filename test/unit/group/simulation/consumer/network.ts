/**
 * What lies between a client and the coordinator. Requests on a connection arrive in order, or not at all; a client that
 * has waited too long opens another connection, and what was on its way on the old one is lost. Replies may come late.
 */
import { peek } from "bun";
import { ErrorCode, KafkaError } from "../../../../../src/protocol/errors.ts";
import type { SeededRandom } from "../../../../support/random.ts";
import type { ConsumerBench } from "../../consumer/support/bench.ts";

/** How long a message may take. */
export const LATEST_MS = 4_000;

interface Reply {
  readonly errorCode: number;
}

export class Network {
  /** Percent of messages that are lost. */
  lossPercent = 0;
  /** Percent of messages that take seconds. */
  latePercent = 0;
  /** Whether there is a coordinator to be reached. */
  coordinatorIsUp = true;
  private outstanding: (() => boolean)[] = [];

  constructor(
    private readonly bench: ConsumerBench,
    private readonly random: SeededRandom,
  ) {}

  /** Sends off the answers that have been given meanwhile. */
  collect(): void {
    if (this.outstanding.length === 0) return;
    const before = this.outstanding;
    this.outstanding = [];
    this.outstanding.push(...before.filter((hasLeft) => !hasLeft()));
  }

  /**
   * Sends a request.
   *
   * @param isConnected whether the client's connection is still the one it was sent on
   * @param perform what the coordinator does when it arrives
   * @param refused the reply that carries an error
   * @param deliver is given the reply when it arrives, if it does
   */
  send<R extends Reply>(request: {
    isConnected: () => boolean;
    perform: () => R | Promise<R>;
    refused: (errorCode: number) => R;
    deliver: (reply: R) => void;
  }): void {
    this.travel(() => {
      if (!request.isConnected()) return;
      const back = (reply: R) => this.travel(() => request.deliver(reply));
      if (!this.coordinatorIsUp) {
        back(request.refused(ErrorCode.NOT_COORDINATOR));
        return;
      }
      try {
        this.await(request.perform(), back);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        back(request.refused(error.code));
      }
    });
  }

  private await<R>(reply: R | Promise<R>, back: (reply: R) => void): void {
    const hasLeft = () => {
      const value = peek(reply);
      if (value instanceof Promise) return false;
      back(value as R);
      return true;
    };
    if (!hasLeft()) this.outstanding.push(hasLeft);
  }

  private travel(arrive: () => void): void {
    if (this.random.below(100) < this.lossPercent) return;
    const isLate = this.random.below(100) < this.latePercent;
    this.bench.clock.schedule(isLate ? this.random.below(LATEST_MS) : this.random.below(20), arrive);
  }
}
