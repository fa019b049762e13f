/**
 * Prints what a consumer reads, until it has been enough.
 */
import type { Consumer } from "../../../client/consumer/consumer.ts";
import type { ConsumedRecord, Fetched } from "../../../client/consumer/fetched.ts";
import type { Output } from "../../output.ts";
import { failureText } from "../../tool/failure.ts";
import { ByteSink } from "./byte-sink.ts";
import type { Formatter } from "./formatter.ts";

interface Limits {
  /** How many records to print; negative for all that there will ever be. */
  readonly maxMessages: number;
  /** How long to wait for a record; negative for as long as it takes. */
  readonly timeoutMs: number;
  /** Whether a record that can't be printed is passed over. */
  readonly skipsErrors: boolean;
}

/** So many bytes are worth a write, where there is more to come. */
const PIECE = 64 * 1024;

export class Printing {
  /** How many records have been read. */
  count = 0;
  private readonly sink = new ByteSink();

  constructor(
    private readonly consumer: Consumer,
    private readonly formatter: Formatter,
    private readonly output: Output,
    private readonly limits: Limits,
  ) {}

  /**
   * Resolves when it has been enough, nothing comes any more, or the consumer was woken. Rejects with what ended the
   * consumer, a record that can't be printed, or ReaderGone.
   *
   * @param begun is called when the first records have come
   */
  async run(begun: () => void): Promise<void> {
    const { maxMessages, timeoutMs } = this.limits;
    const waitMs = timeoutMs < 0 ? Number.POSITIVE_INFINITY : timeoutMs;
    try {
      while (maxMessages < 0 || this.count < maxMessages) {
        const fetched = await this.consumer.poll(waitMs);
        if (fetched === null) return;
        begun();
        await this.print(fetched);
      }
    } finally {
      await this.flush();
    }
  }

  private async print(fetched: Fetched): Promise<void> {
    const { maxMessages } = this.limits;
    for (const record of fetched.records()) {
      this.count++;
      this.write(record);
      if (this.count === maxMessages) break;
      if (this.sink.length >= PIECE) await this.flush();
    }
    await this.flush();
  }

  private write(record: ConsumedRecord): void {
    try {
      this.formatter.write(record, this.sink);
    } catch (error) {
      const text = failureText(error);
      if (!this.limits.skipsErrors || text === null) throw error;
      this.output.complain(`Error processing message, skipping this message: ${text}`);
    }
  }

  private async flush(): Promise<void> {
    if (this.sink.length > 0) await this.output.bytes(this.sink.take());
  }
}
