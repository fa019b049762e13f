/**
 * A record as one JSON object a line. Keys, values and headers that aren't text are told in base64, under another name.
 */
import type { ConsumedRecord } from "../../../client/consumer/fetched.ts";
import type { ByteSink } from "./byte-sink.ts";
import type { Formatter } from "./formatter.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const jsonFormatter: Formatter = {
  write({ topic, partition, timestampType, leaderEpoch, at }: ConsumedRecord, sink: ByteSink): void {
    const { offset, timestamp } = at;
    const headers = at.headers().map((header) => ({ key: header.key, ...field("value", header.value) }));
    const place = { topic, partition, offset, timestamp, timestampType, leaderEpoch };
    sink.text(
      `${JSON.stringify({ ...place, headers, ...field("key", at.key()), ...field("value", at.value()) })}\n`,
    );
  },
};

/** `{ key: "text" }`, `{ key: null }` or `{ keyBase64: "…" }`. */
function field(name: string, bytes: Buffer | null): Record<string, string | null> {
  if (bytes === null) return { [name]: null };
  try {
    return { [name]: strictUtf8.decode(bytes) };
  } catch {
    return { [`${name}Base64`]: bytes.toString("base64") };
  }
}
