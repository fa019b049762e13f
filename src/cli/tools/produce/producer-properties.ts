/**
 * A producer's properties by the options of kafka-console-producer: an option that was given is stronger than a
 * property, a property stronger than the default of an option.
 */
import { mergedProperties } from "../../tool/properties.ts";

/** What was given for the options that stand for a property. */
export interface GivenForProducer {
  readonly "command-config": string | undefined;
  readonly "producer.config": string | undefined;
  readonly "command-property": readonly string[];
  readonly "producer-property": readonly string[];
  readonly "compression-codec": string | undefined;
  readonly timeout: number | undefined;
  readonly "request-required-acks": string | undefined;
  readonly "request-timeout-ms": number | undefined;
  readonly "message-send-max-retries": number | undefined;
  readonly "retry-backoff-ms": number | undefined;
  readonly "socket-buffer-size": number | undefined;
  readonly "max-memory-bytes": number | undefined;
  readonly "batch-size": number | undefined;
  readonly "max-partition-memory-bytes": number | undefined;
  readonly "metadata-expiry-ms": number | undefined;
  readonly "max-block-ms": number | undefined;
}

/** To somebody who types, a second until a line is sent seems like nothing happens. */
const LINGER_MS = { typed: 5, piped: 1000 } as const;

/**
 * @param isTyped whether somebody types the lines
 * @throws WrongUse, ToolFailure
 */
export function producerProperties(given: GivenForProducer, isTyped: boolean): Map<string, string> {
  const properties = mergedProperties(given["command-config"] ?? given["producer.config"], [
    ...given["producer-property"],
    ...given["command-property"],
  ]);
  const codec = given["compression-codec"];
  properties.set("compression.type", codec === "" ? "gzip" : (codec ?? "none"));
  if (!properties.has("client.id")) properties.set("client.id", "console-producer");
  const merge = (key: string, value: string | number | undefined, preset: string | number) => {
    if (value !== undefined) properties.set(key, String(value));
    else if (!properties.has(key)) properties.set(key, String(preset));
  };
  merge("linger.ms", given.timeout, isTyped ? LINGER_MS.typed : LINGER_MS.piped);
  merge("acks", given["request-required-acks"], -1);
  merge("request.timeout.ms", given["request-timeout-ms"], 1500);
  merge("retries", given["message-send-max-retries"], 3);
  merge("retry.backoff.ms", given["retry-backoff-ms"], 100);
  merge("buffer.memory", given["max-memory-bytes"], 32 * 1024 * 1024);
  merge("batch.size", given["max-partition-memory-bytes"] ?? given["batch-size"], 16_384);
  merge("metadata.max.age.ms", given["metadata-expiry-ms"], 300_000);
  merge("max.block.ms", given["max-block-ms"], 60_000);
  return properties;
}
