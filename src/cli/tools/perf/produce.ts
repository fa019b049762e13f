/**
 * kafka-producer-perf-test: sends many records, and says how fast that went.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { type ProducerConfig, producerConfig, withBlockingTime } from "../../../client/producer/config.ts";
import { Producer } from "../../../client/producer/producer.ts";
import { WrongUse } from "../../command.ts";
import { failureTextOfJava } from "../../tool/failure.ts";
import { Interruption } from "../../tool/interruption.ts";
import type { Given } from "../../tool/option.ts";
import { mergedProperties, warnOfOldNames } from "../../tool/properties.ts";
import type { Tool, ToolContext } from "../../tool/tool.ts";
import { Turns } from "../../tool/turns.ts";
import { Latencies } from "./latencies.ts";
import { countingPayloads, filePayloads, type Payloads, randomPayloads } from "./payloads.ts";
import { produceOptions } from "./produce-options.ts";
import { Throttle } from "./throttle.ts";

type Options = Given<typeof produceOptions>;

const FAILED = 1;
const DEFAULT_TRANSACTION_MS = 3000;

export const producePerformance: Tool<typeof produceOptions> = {
  description: "Sends many records, in transactions if that is asked for, and says how fast that went.",
  options: produceOptions,
  // Properties may follow each other behind one option.
  takesWords: true,
  async run(given, context, words) {
    check(given);
    warnOfOldNames(given, produceOptions, context.output);
    const properties = propertiesOf(given, words);
    const servers = given["bootstrap-server"] ?? properties.get("bootstrap.servers");
    const payloads = payloadsOf(given, context);
    const client = context.connect({ "bootstrap-server": servers }, withBlockingTime(properties));
    return new ProduceTest(given, context, client, producerConfig(properties)).run(payloads);
  },
};

class ProduceTest {
  private readonly producer: Producer;
  private readonly all: Latencies;
  private steady: Latencies | null = null;
  private hasFailed = false;
  private transactionSinceMs: number | null = null;

  constructor(
    private readonly given: Options,
    private readonly context: ToolContext,
    client: KafkaClient,
    private readonly config: ProducerConfig,
  ) {
    this.producer = new Producer(client, config);
    this.all = this.latencies(given["num-records"], false);
  }

  async run(payloads: Payloads): Promise<number> {
    const interruption = new Interruption();
    const isTransactional = this.config.transactionalId !== null;
    if (isTransactional) await this.producer.initTransactions();
    await this.sendAll(payloads, () => interruption.exitCode !== undefined);
    if (isTransactional) await this.producer.commitTransaction();
    await this.producer.close();
    interruption.dispose();
    for (const latencies of [this.all, this.steady]) {
      if (latencies !== null) this.context.output.line(latencies.totalLine());
    }
    return interruption.exitCode ?? (this.hasFailed ? FAILED : 0);
  }

  private async sendAll(payloads: Payloads, isInterrupted: () => boolean): Promise<void> {
    this.announceWarmup();
    const turns = new Turns();
    const throttle = new Throttle(Number(this.given.throughput));
    const total = this.given["num-records"];
    const warmup = this.given["warmup-records"];
    for (let index = 0; index < total; index++) {
      if (warmup > 0 && index === warmup) {
        this.steady = this.latencies(total - warmup, true);
        this.all.quieten();
      }
      const waiting = this.send(payloads(index));
      if (waiting !== undefined) await waiting;
      const pauseMs = throttle.waitMs(index + 1);
      if (pauseMs >= 1) await Bun.sleep(pauseMs);
      const turn = turns.step();
      if (turn === undefined) continue;
      await turn;
      if (isInterrupted()) return;
      await this.commitWhenDue();
    }
  }

  private announceWarmup(): void {
    const warmup = this.given["warmup-records"];
    if (warmup === 0) return;
    this.context.output.line(
      `Warmup first ${warmup} records. Steady state results will print after the complete test summary.`,
    );
  }

  private send(value: Uint8Array): Promise<void> | undefined {
    const sentMs = Date.now();
    const steady = this.steady;
    return this.producer.send({ topic: this.given.topic, key: null, value, timestamp: sentMs }, (error) => {
      if (error !== null) return this.complain(error);
      const latencyMs = Date.now() - sentMs;
      this.all.record(latencyMs, value.length);
      steady?.record(latencyMs, value.length);
    });
  }

  private async commitWhenDue(): Promise<void> {
    if (this.config.transactionalId === null) return;
    const nowMs = performance.now();
    this.transactionSinceMs ??= nowMs;
    const durationMs = this.given["transaction-duration-ms"] ?? DEFAULT_TRANSACTION_MS;
    if (nowMs - this.transactionSinceMs < durationMs) return;
    await this.producer.commitTransaction();
    this.transactionSinceMs = null;
  }

  private latencies(expected: number, isSteadyState: boolean): Latencies {
    const { output } = this.context;
    return new Latencies(expected, this.given["reporting-interval"], isSteadyState, (line) => {
      output.line(line);
      output.flush();
    });
  }

  private complain(error: Error): void {
    if (!this.hasFailed) this.context.output.complain(failureTextOfJava(error) ?? String(error));
    this.hasFailed = true;
  }
}

/** @throws WrongUse */
function check(given: Options): void {
  const positive = (
    name: "num-records" | "record-size" | "transaction-duration-ms" | "reporting-interval",
  ) => {
    const value = given[name];
    if (value !== undefined && value <= 0) throw new WrongUse(`--${name} should be greater than zero.`);
  };
  positive("num-records");
  if (given["warmup-records"] >= given["num-records"]) {
    throw new WrongUse(
      "The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.",
    );
  }
  positive("record-size");
  positive("transaction-duration-ms");
  positive("reporting-interval");
  if (!Number.isFinite(Number(given.throughput))) {
    throw new WrongUse(`argument --throughput: could not convert '${given.throughput}' to Double`);
  }
  if (
    given["record-size"] === undefined &&
    given["payload-file"] === undefined &&
    !given["payload-monotonic"]
  ) {
    throw new WrongUse("one of the arguments --record-size --payload-file --payload-monotonic is required");
  }
}

/** @throws WrongUse, ToolFailure */
function propertiesOf(given: Options, words: readonly string[]): Map<string, string> {
  const file = given["command-config"] ?? given["producer.config"];
  const own = [...given["producer-props"], ...given["command-property"], ...words];
  const stray = own.find((word) => !/^[^=]+=[^=]*$/.test(word));
  if (stray !== undefined) throw new WrongUse(`Invalid property: ${stray}`);
  const properties = mergedProperties(file, own);
  if (!properties.has("client.id")) properties.set("client.id", "perf-producer-client");
  const id = given["transactional-id"] ?? properties.get("transactional.id");
  if (id !== undefined) properties.set("transactional.id", id);
  else if (given["transaction-duration-ms"] !== undefined) {
    properties.set("transactional.id", `performance-producer-${crypto.randomUUID()}`);
  }
  return properties;
}

function payloadsOf(given: Options, { output }: ToolContext): Payloads {
  const file = given["payload-file"];
  if (file === undefined) {
    const size = given["record-size"];
    return size === undefined ? countingPayloads : randomPayloads(size);
  }
  return filePayloads(file, given["payload-delimiter"], (line) => output.line(line));
}
