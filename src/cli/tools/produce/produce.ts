/**
 * kafka-console-producer: every line of standard input becomes a record.
 */
import { producerConfig, withBlockingTime } from "../../../client/producer/config.ts";
import { Producer } from "../../../client/producer/producer.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { Interruption } from "../../tool/interruption.ts";
import { mergedProperties, warnOfOldNames } from "../../tool/properties.ts";
import { tool } from "../../tool/tool.ts";
import { LineReader } from "./line-reader.ts";
import { producerOptions } from "./options.ts";
import { producerProperties } from "./producer-properties.ts";
import { Sending } from "./sending.ts";
import { linesOfStandardInput } from "./standard-input.ts";

const FAILED = 1;
const LINE_READER = /(^|\.)LineMessageReader$/;

export const produce = tool({
  description: "Reads lines from standard input and sends each as a record.",
  options: producerOptions,
  async run(given, context) {
    warnOfOldNames(given, producerOptions, context.output);
    if (!LINE_READER.test(given["line-reader"])) {
      throw new ToolFailure(`--line-reader ${given["line-reader"]}: classes of Java can't be loaded here`);
    }
    const isTyped = process.stdin.isTTY && process.stdout.isTTY;
    const properties = producerProperties(given, isTyped);
    const readerProperties = mergedProperties(given["reader-config"], [
      ...given.property,
      ...given["reader-property"],
    ]);
    const reader = new LineReader(given.topic, readerProperties);
    const client = context.connect(
      { "bootstrap-server": given["bootstrap-server"] },
      withBlockingTime(properties),
    );
    const sending = new Sending(new Producer(client, producerConfig(properties)), given.sync, context.output);
    const interruption = new Interruption();
    try {
      const lines = linesOfStandardInput(
        interruption,
        isTyped ? () => context.output.bytes(Buffer.from(">")) : null,
      );
      for await (const batch of lines) {
        for (const line of batch) await sending.send(reader.read(line));
      }
    } finally {
      await sending.end();
      interruption.dispose();
    }
    return interruption.exitCode ?? (sending.hasFailed ? FAILED : 0);
  },
});
