/**
 * What lies between clients and a coordinator: requests and replies take their time, or are lost, as long as there is no
 * calm. The coordinator may be away.
 */
import { ErrorCode, KafkaError } from "../../../../src/protocol/errors.ts";
import type { SeededRandom } from "../../../support/random.ts";
import type { Answer } from "../classic/support/bench.ts";
import type { ShardBench } from "../support/shard-bench.ts";

interface Reply {
  readonly errorCode: number;
}

export interface Sent<R extends Reply> {
  /** Whether the client's connection is still the one it was sent on; else it doesn't arrive. */
  isConnected(): boolean;
  /** What the coordinator does when it arrives. */
  perform(): Answer<R>;
  /** The reply that carries an error. */
  refused(errorCode: number): R;
  /** Sees the reply when it leaves the coordinator. */
  answered?(reply: R): void;
  /** Is given the reply when it arrives, if it does. */
  deliver(reply: R): void;
}

export class Network {
  /** Percent of messages that are lost. */
  private lossPercent: number;
  /** Percent of messages that take seconds. */
  private latePercent: number;
  private isUp = true;
  /** Of each request that isn't answered, whether it has been meanwhile; then the answer is on its way. */
  private outstanding: (() => boolean)[] = [];

  /** @param latestMs how long a message may take */
  constructor(
    private readonly bench: ShardBench,
    private readonly random: SeededRandom,
    private readonly latestMs: number,
  ) {
    this.lossPercent = random.pick([0, 2, 10, 25]);
    this.latePercent = random.pick([0, 2, 10]);
  }

  /** Whether there is a coordinator to be reached. */
  get coordinatorIsUp(): boolean {
    return this.isUp;
  }

  /** How many requests the coordinator has taken and not answered. */
  get unanswered(): number {
    return this.outstanding.length;
  }

  /** From now on messages arrive, and soon; those that were late before still are. */
  calm(): void {
    this.lossPercent = 0;
    this.latePercent = 0;
  }

  /** The coordinator ends, is away for a while, and is loaded from its log. Its last answers may still arrive. */
  restartCoordinator(awayMs: number): void {
    this.isUp = false;
    this.bench.stop();
    this.collect();
    this.bench.clock.schedule(awayMs, () => {
      this.bench.start();
      this.isUp = true;
    });
  }

  send<R extends Reply>(request: Sent<R>): void {
    this.travel(() => {
      if (!request.isConnected()) return;
      const back = (reply: R) => {
        request.answered?.(reply);
        this.travel(() => request.deliver(reply));
      };
      if (!this.isUp) {
        back(request.refused(ErrorCode.NOT_COORDINATOR));
        return;
      }
      try {
        const answer = request.perform();
        this.outstanding.push(() => {
          const { value } = answer;
          if (value !== undefined) back(value);
          return value !== undefined;
        });
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        back(request.refused(error.code));
      }
      this.collect();
    });
  }

  /** Sends off the answers that have been given. */
  collect(): void {
    if (this.outstanding.length > 0) this.outstanding = this.outstanding.filter((hasLeft) => !hasLeft());
  }

  private travel(arrive: () => void): void {
    if (this.random.below(100) < this.lossPercent) return;
    const isLate = this.random.below(100) < this.latePercent;
    this.bench.clock.schedule(isLate ? this.random.below(this.latestMs) : this.random.below(20), arrive);
  }
}
