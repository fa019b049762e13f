/**
 * kafka-console-consumer: prints the records of topics as they come.
 */
import { consumerConfig } from "../../../client/consumer/config.ts";
import { Consumer } from "../../../client/consumer/consumer.ts";
import { ReaderGone } from "../../output.ts";
import { Interruption } from "../../tool/interruption.ts";
import { mergedProperties, warnOfOldNames } from "../../tool/properties.ts";
import { tool } from "../../tool/tool.ts";
import { consumerProperties } from "./consumer-properties.ts";
import { formatterOf } from "./formatter.ts";
import { jsonFormatter } from "./json-formatter.ts";
import { consumerOptions } from "./options.ts";
import { Printing } from "./printing.ts";
import { Progress } from "./progress.ts";
import { subscriptionOf } from "./subscription.ts";

export const consume = tool({
  description: "Prints the records of topics to standard output, as they come.",
  options: consumerOptions,
  json: true,
  async run(given, { connect, output, json }) {
    const subscription = subscriptionOf(given);
    warnOfOldNames(given, consumerOptions, output);
    const properties = consumerProperties(given);
    const formatter = json ? jsonFormatter : formatterOf(given.formatter, formatterProperties(given));
    const client = connect({ "bootstrap-server": given["bootstrap-server"] }, properties);
    const consumer = new Consumer(client, consumerConfig(properties), subscription);
    const printing = new Printing(consumer, formatter, output, {
      maxMessages: given["max-messages"] ?? -1,
      timeoutMs: given["timeout-ms"] ?? -1,
      skipsErrors: given["skip-message-on-error"],
    });
    const interruption = new Interruption();
    interruption.promise.then(() => consumer.wakeUp());
    const waiting = new Progress(process.stderr, `waiting for records of ${given.topic ?? given.include}`);
    let readerIsGone = false;
    try {
      await printing.run(() => waiting.end());
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
      readerIsGone = true;
    } finally {
      waiting.end();
      await consumer.close();
      interruption.dispose();
      if (!readerIsGone) output.complain(`Processed a total of ${printing.count} messages`);
    }
    if (given["enable-systest-events"] && !readerIsGone) output.line("shutdown_complete");
    return interruption.exitCode;
  },
});

interface GivenForFormatter {
  readonly "formatter-config": string | undefined;
  readonly "formatter-property": readonly string[];
  readonly property: readonly string[];
  readonly "key-deserializer": string | undefined;
  readonly "value-deserializer": string | undefined;
}

function formatterProperties(given: GivenForFormatter): Map<string, string> {
  const properties = mergedProperties(given["formatter-config"], []);
  for (const field of ["key", "value"] as const) {
    const className = given[`${field}-deserializer`];
    if (className) properties.set(`${field}.deserializer`, className);
  }
  const words = mergedProperties(undefined, [...given.property, ...given["formatter-property"]]);
  return new Map([...properties, ...words]);
}
