/**
 * What lies between clients and coordinator: requests and replies take their time, or are lost. A request may arrive
 * after its client has given it up and sent others.
 */
import { ErrorCode, KafkaError } from "../../../../../src/protocol/errors.ts";
import type { SeededRandom } from "../../../../support/random.ts";
import type { Answer, GroupBench } from "../../classic/support/bench.ts";

/** How long a message may take. */
export const LATEST_MS = 15_000;

interface Reply {
  readonly errorCode: number;
}

interface Outstanding {
  /** Whether the coordinator has answered; then the answer is on its way. */
  readonly hasLeft: () => boolean;
}

export class Network {
  /** Percent of messages that are lost. */
  lossPercent = 0;
  /** Percent of messages that take seconds. */
  latePercent = 0;
  /** Whether there is a coordinator to be reached. */
  coordinatorIsUp = true;
  private connections = 0;
  private outstanding: Outstanding[] = [];

  constructor(
    private readonly bench: GroupBench,
    private readonly random: SeededRandom,
  ) {}

  /** How many requests the coordinator has taken and not answered. */
  get unanswered(): number {
    return this.outstanding.length;
  }

  /**
   * Sends a request.
   *
   * @param perform what the coordinator does when it arrives
   * @param refused the reply that carries an error
   * @param answered sees the reply when it leaves the coordinator
   * @param deliver is given the reply when it arrives, if it does
   */
  send<R extends Reply>(request: {
    perform: () => Answer<R>;
    refused: (errorCode: number) => R;
    answered: (reply: R) => void;
    deliver: (reply: R) => void;
  }): void {
    const connection = this.connections;
    this.travel(() => {
      if (connection !== this.connections) return;
      const back = (reply: R) => {
        request.answered(reply);
        this.travel(() => request.deliver(reply));
      };
      if (!this.coordinatorIsUp) {
        back(request.refused(ErrorCode.NOT_COORDINATOR));
        return;
      }
      try {
        const answer = request.perform();
        this.outstanding.push({ hasLeft: () => this.leaves(answer, back) });
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        back(request.refused(error.code));
      }
      this.collect();
    });
  }

  /** The coordinator's process ends: what was sent to it reaches nobody. Its last answers may still arrive. */
  disconnect(): void {
    this.connections++;
    this.collect();
  }

  /** Sends off the answers that have been given. */
  collect(): void {
    if (this.outstanding.length > 0) this.outstanding = this.outstanding.filter(({ hasLeft }) => !hasLeft());
  }

  private leaves<R>(answer: Answer<R>, back: (reply: R) => void): boolean {
    const { value } = answer;
    if (value === undefined) return false;
    back(value);
    return true;
  }

  private travel(arrive: () => void): void {
    if (this.random.below(100) < this.lossPercent) return;
    const delayMs =
      this.random.below(100) < this.latePercent ? this.random.below(LATEST_MS) : this.random.below(20);
    this.bench.clock.schedule(delayMs, arrive);
  }
}
