/**
 * A record as a line: what the properties of Kafka's DefaultMessageFormatter ask for, with separators in between.
 */
import type { ConsumedRecord } from "../../../client/consumer/fetched.ts";
import type { ByteSink } from "./byte-sink.ts";
import { type Deserializer, deserializerOf } from "./deserializers.ts";
import type { Formatter } from "./formatter.ts";

/** What a line may show, in its order. */
const columns = ["timestamp", "partition", "offset", "delivery", "epoch", "headers", "key", "value"] as const;
type Column = (typeof columns)[number];

export class DefaultFormatter implements Formatter {
  private readonly shown: readonly Column[];
  private readonly keySeparator: Buffer;
  private readonly lineSeparator: Buffer;
  private readonly headersSeparator: Buffer;
  private readonly nullLiteral: Buffer;
  private readonly key: Deserializer | null;
  private readonly value: Deserializer | null;
  private readonly header: Deserializer | null;

  /** @throws ToolFailure for a deserializer that there is none of */
  constructor(properties: ReadonlyMap<string, string>) {
    const bytes = (name: string, preset: string) => Buffer.from(properties.get(name) ?? preset);
    this.shown = columns.filter((column) => {
      const text = properties.get(`print.${column}`);
      return text === undefined ? column === "value" : text.trim().toLowerCase() === "true";
    });
    this.keySeparator = bytes("key.separator", "\t");
    this.lineSeparator = bytes("line.separator", "\n");
    this.headersSeparator = bytes("headers.separator", ",");
    this.nullLiteral = bytes("null.literal", "null");
    this.key = deserializer(properties, "key.deserializer");
    this.value = deserializer(properties, "value.deserializer");
    this.header = deserializer(properties, "headers.deserializer");
  }

  write(record: ConsumedRecord, sink: ByteSink): void {
    const last = this.shown.length - 1;
    for (let index = 0; index <= last; index++) {
      const column = this.shown[index];
      if (column !== undefined) this.column(column, record, sink);
      sink.bytes(index < last ? this.keySeparator : this.lineSeparator);
    }
  }

  private column(column: Column, record: ConsumedRecord, sink: ByteSink): void {
    const { at } = record;
    switch (column) {
      case "timestamp":
        sink.text(`${record.timestampType}:${at.timestamp}`);
        break;
      case "partition":
        sink.text(`Partition:${record.partition}`);
        break;
      case "offset":
        sink.text(`Offset:${at.offset}`);
        break;
      case "delivery":
        sink.text("Delivery:NOT_PRESENT");
        break;
      case "epoch":
        sink.text(`Epoch:${record.leaderEpoch < 0 ? "NOT_PRESENT" : record.leaderEpoch}`);
        break;
      case "headers":
        this.headers(record, sink);
        break;
      case "key":
        this.field(at.key(), this.key, sink);
        break;
      case "value":
        this.field(at.value(), this.value, sink);
        break;
    }
  }

  private headers({ at }: ConsumedRecord, sink: ByteSink): void {
    const headers = at.headers();
    if (headers.length === 0) sink.text("NO_HEADERS");
    for (const [index, { key, value }] of headers.entries()) {
      if (index > 0) sink.bytes(this.headersSeparator);
      sink.text(`${key}:`);
      this.field(value, this.header, sink);
    }
  }

  /** Kafka deserializes the word for null, too; a null that an IntegerDeserializer takes for 1853189228 helps nobody. */
  private field(bytes: Buffer | null, read: Deserializer | null, sink: ByteSink): void {
    const shown = bytes === null ? this.nullLiteral : read === null ? bytes : read(bytes);
    if (typeof shown === "string") sink.text(shown);
    else sink.bytes(shown);
  }
}

function deserializer(properties: ReadonlyMap<string, string>, name: string): Deserializer | null {
  const className = properties.get(name);
  if (className === undefined || className === "") return null;
  const own = [...properties].filter(([key]) => key.startsWith(`${name}.`));
  const short = new Map(own.map(([key, value]) => [key.slice(name.length + 1), value]));
  // Kafka's own way to set the encoding of keys, values or both.
  const ownEncoding = `${name}.encoding`;
  const encoding =
    short.get("encoding") ?? properties.get(ownEncoding) ?? properties.get("deserializer.encoding");
  if (encoding !== undefined && !short.has("deserializer.encoding"))
    short.set("deserializer.encoding", encoding);
  return deserializerOf(className, short);
}
