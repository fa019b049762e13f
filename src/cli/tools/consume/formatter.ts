/**
 * How records are printed: by the class of Kafka's that --formatter names.
 */
import type { ConsumedRecord } from "../../../client/consumer/fetched.ts";
import { ToolFailure } from "../../tool/failure.ts";
import type { ByteSink } from "./byte-sink.ts";
import { coordinatorFormatter } from "./coordinator-formatter.ts";
import { DefaultFormatter } from "./default-formatter.ts";

/** Prints a record. Throws where the record isn't what the formatter is for. */
export interface Formatter {
  write(record: ConsumedRecord, sink: ByteSink): void;
}

export const DEFAULT_FORMATTER = "org.apache.kafka.tools.consumer.DefaultMessageFormatter";

const nothing: Formatter = { write() {} };

/** By the last part of the classes' names: older releases had them in other packages. */
const makers: Readonly<Record<string, (properties: ReadonlyMap<string, string>) => Formatter>> = {
  DefaultMessageFormatter: (properties) => new DefaultFormatter(properties),
  LoggingMessageFormatter: (properties) => new DefaultFormatter(properties),
  NoOpMessageFormatter: () => nothing,
  OffsetsMessageFormatter: () => coordinatorFormatter("group", (type) => type === 0 || type === 1),
  GroupMetadataMessageFormatter: () => coordinatorFormatter("group", (type) => type === 2),
  TransactionLogMessageFormatter: () => coordinatorFormatter("transaction", () => true),
};

/**
 * The formatter of a class.
 *
 * @throws ToolFailure for a class that isn't one of Kafka's own, or properties that it can't have
 */
export function formatterOf(className: string, properties: ReadonlyMap<string, string>): Formatter {
  const name = className.slice(Math.max(className.lastIndexOf("."), className.lastIndexOf("$")) + 1);
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make !== undefined) return make(properties);
  const known = Object.keys(makers).join(", ");
  throw new ToolFailure(`--formatter ${className}: classes of Java can't be loaded here; known are ${known}`);
}
