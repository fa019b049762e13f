/**
 * kafka-consumer-perf-test: reads many records, and says how fast that went.
 */
import { consumerConfig } from "../../../client/consumer/config.ts";
import { Consumer } from "../../../client/consumer/consumer.ts";
import type { Fetched } from "../../../client/consumer/fetched.ts";
import { WrongUse } from "../../command.ts";
import type { Output } from "../../output.ts";
import { Interruption } from "../../tool/interruption.ts";
import type { Given } from "../../tool/option.ts";
import { mergedProperties, warnOfOldNames } from "../../tool/properties.ts";
import type { Tool } from "../../tool/tool.ts";
import { subscriptionOf } from "../consume/subscription.ts";
import { consumeOptions } from "./consume-options.ts";
import { detailLine, headerLine, type Span, totalLine } from "./consume-report.ts";
import { dateFormat } from "./date-format.ts";

type Options = Given<typeof consumeOptions>;

export const consumePerformance: Tool<typeof consumeOptions> = {
  description: "Reads many records, and says how fast that went.",
  options: consumeOptions,
  async run(given, { connect, output }) {
    const subscription = subscriptionOf({
      topic: given.topic,
      include: given.include,
      partition: undefined,
      offset: undefined,
      "from-beginning": false,
    });
    const plan = planOf(given);
    warnOfOldNames(given, consumeOptions, output);
    if (!given["hide-header"]) {
      output.line(headerLine(given["show-detailed-stats"]));
      output.flush();
    }
    const properties = propertiesOf(given);
    const client = connect({ "bootstrap-server": given["bootstrap-server"] }, properties);
    const test = new ConsumeTest(plan, output);
    const interruption = new Interruption();
    await test.run((rebalanced) => {
      const consumer = new Consumer(client, consumerConfig(properties), subscription, rebalanced);
      interruption.promise.then(() => consumer.wakeUp());
      return consumer;
    });
    interruption.dispose();
    return interruption.exitCode;
  },
};

interface Plan {
  readonly records: number;
  readonly timeoutMs: number;
  readonly reportMs: number;
  readonly isDetailed: boolean;
  readonly format: (timeMs: number) => string;
}

class ConsumeTest {
  private records = 0;
  private bytes = 0;
  private rebalanceMs: number | null = null;
  private reported = { records: 0, bytes: 0, rebalanceMs: 0, atMs: 0 };

  constructor(
    private readonly plan: Plan,
    private readonly output: Output,
  ) {}

  async run(consume: (rebalanced: () => void) => Consumer): Promise<void> {
    const startMs = Date.now();
    this.reported.atMs = startMs;
    const consumer = consume(() => {
      this.rebalanceMs ??= Date.now() - startMs;
    });
    try {
      await this.read(consumer);
    } finally {
      await consumer.close();
    }
    const { records, bytes, plan } = this;
    if (plan.isDetailed) return;
    const span: Span = { startMs, endMs: this.endMs, records, bytes, rebalanceMs: this.rebalanceMs ?? 0 };
    this.output.line(totalLine(span, plan.format));
  }

  private endMs = 0;

  private async read(consumer: Consumer): Promise<void> {
    const { plan } = this;
    while (this.records < plan.records) {
      const fetched = await consumer.poll(plan.timeoutMs);
      this.endMs = Date.now();
      if (fetched === null) {
        this.output.line(
          `WARNING: Exiting before consuming the expected number of records: timeout (${plan.timeoutMs} ms) exceeded. ` +
            "You can use the --timeout option to increase the timeout.",
        );
        return;
      }
      this.count(fetched);
      this.report();
    }
    this.endMs = Date.now();
  }

  private count(fetched: Fetched): void {
    for (const { at } of fetched.records()) {
      this.records++;
      this.bytes += Math.max(0, at.keySize) + Math.max(0, at.valueSize);
    }
  }

  private report(): void {
    const { plan, reported, records, bytes } = this;
    const endMs = Date.now();
    if (endMs - reported.atMs < plan.reportMs) return;
    const rebalanceMs = this.rebalanceMs ?? 0;
    if (plan.isDetailed) {
      const span: Span = {
        startMs: reported.atMs,
        endMs,
        records: records - reported.records,
        bytes: bytes - reported.bytes,
        rebalanceMs: rebalanceMs - reported.rebalanceMs,
      };
      this.output.line(detailLine(span, { records, bytes }, plan.format));
      this.output.flush();
    }
    this.reported = { records, bytes, rebalanceMs, atMs: endMs };
  }
}

/** @throws WrongUse */
function planOf(given: Options): Plan {
  const records = given["num-records"] ?? given.messages;
  if (records === undefined) {
    throw new WrongUse("Exactly one of the following arguments is required: [messages], [num-records]");
  }
  const timeout = given.timeout === "" ? "10000" : given.timeout;
  if (!/^\d+$/.test(timeout)) throw new WrongUse(`Cannot parse argument '${timeout}' of option timeout`);
  if (given["reporting-interval"] <= 0) throw new WrongUse("Reporting interval must be greater than 0.");
  return {
    records,
    timeoutMs: Number(timeout),
    reportMs: given["reporting-interval"],
    isDetailed: given["show-detailed-stats"],
    format: dateFormat(given["date-format"]),
  };
}

/** @throws WrongUse, ToolFailure */
function propertiesOf(given: Options): Map<string, string> {
  const file = given["command-config"] ?? given["consumer.config"];
  const properties = mergedProperties(file, given["command-property"]);
  if (given.group !== undefined) properties.set("group.id", given.group);
  properties.set("max.partition.fetch.bytes", String(given["fetch-size"]));
  properties.set("auto.offset.reset", given["from-latest"] ? "latest" : "earliest");
  properties.set("check.crcs", "false");
  if (!properties.has("client.id")) properties.set("client.id", "perf-consumer-client");
  return properties;
}
