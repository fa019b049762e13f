/**
 * Records on their way from the console: one at a time if that is asked for, and a word about every one that fails.
 */

import { javaText } from "../../../client/check-error.ts";
import { TimeoutError } from "../../../client/errors.ts";
import type { Delivered } from "../../../client/producer/batch.ts";
import type { Producer, ProducerRecord } from "../../../client/producer/producer.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { Output } from "../../output.ts";
import { Turns } from "../../tool/turns.ts";

export class Sending {
  /** Whether a record has not come through. */
  hasFailed = false;
  private readonly turns = new Turns();

  /** @param oneByOne waits for each record until it is in the log, and goes no further where one fails */
  constructor(
    private readonly producer: Producer,
    private readonly oneByOne: boolean,
    private readonly output: Output,
  ) {}

  /** Takes a record. Returns a promise where that has to wait; it rejects with the record's failure one by one. */
  send(record: ProducerRecord): Promise<void> | undefined {
    if (this.oneByOne) return this.sendAndWait(record);
    const waiting = this.producer.send(record, (error) => {
      if (error !== null) this.complain(record, error);
    });
    return waiting ?? this.turns.step();
  }

  /** Sends what is left. */
  async end(): Promise<void> {
    await this.producer.close();
  }

  private async sendAndWait(record: ProducerRecord): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const delivered: Delivered = (error) => (error === null ? resolve() : reject(error));
    await this.producer.send(record, delivered);
    await this.producer.flush();
    await promise;
  }

  private complain({ topic, key, value }: ProducerRecord, error: Error): void {
    this.hasFailed = true;
    const size = (bytes: Uint8Array | null) => (bytes === null ? "null" : `${bytes.length} bytes`);
    this.output.complain(
      `Error when sending message to topic ${topic} with key: ${size(key)}, value: ${size(value)} with error: ${textOf(error)}`,
    );
  }
}

/** The error as Java prints it. */
function textOf(error: Error): string {
  if (error instanceof TimeoutError)
    return `org.apache.kafka.common.errors.TimeoutException: ${error.message}`;
  return error instanceof KafkaError ? javaText(error) : `${error.name}: ${error.message}`;
}
