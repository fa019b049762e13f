/**
 * Makes a record of a line, by the properties of Kafka's LineMessageReader: headers, key and value, each behind a
 * separator. Bytes stay what they are, whether or not they are text.
 */
import type { ProducerRecord } from "../../../client/producer/producer.ts";
import { ToolFailure } from "../../tool/failure.ts";

type Header = NonNullable<ProducerRecord["headers"]>[number];

export class LineReader {
  private readonly parsesKey: boolean;
  private readonly parsesHeaders: boolean;
  private readonly ignoresErrors: boolean;
  private readonly keySeparator: Buffer;
  private readonly headersDelimiter: Buffer;
  private readonly headersSeparator: RegExp;
  private readonly headersKeySeparator: string;
  private readonly nullMarker: Buffer | null;
  private lineNumber = 0;

  /** @throws ToolFailure for separators that are the same */
  constructor(
    private readonly topic: string,
    properties: ReadonlyMap<string, string>,
  ) {
    const isTrue = (name: string) => properties.get(name)?.trim().toLowerCase() === "true";
    const separators = separatorsOf(properties);
    checkDifferent(separators);
    this.parsesKey = isTrue("parse.key");
    this.parsesHeaders = isTrue("parse.headers");
    this.ignoresErrors = isTrue("ignore.error");
    this.keySeparator = Buffer.from(separators["key.separator"]);
    this.headersDelimiter = Buffer.from(separators["headers.delimiter"]);
    this.headersSeparator = new RegExp(separators["headers.separator"]);
    this.headersKeySeparator = separators["headers.key.separator"];
    const nullMarker = separators["null.marker"];
    this.nullMarker = nullMarker === undefined ? null : Buffer.from(nullMarker);
  }

  /** @throws ToolFailure for a line that lacks a separator, unless ignore.error says otherwise */
  read(line: Buffer): ProducerRecord {
    this.lineNumber++;
    let at = 0;
    const take = (separator: Buffer, what: string): Buffer | null => {
      const end = line.indexOf(separator, at);
      if (end < 0) {
        if (this.ignoresErrors) return null;
        throw new ToolFailure(`No ${what} found on line number ${this.lineNumber}: '${line}'`);
      }
      const part = line.subarray(at, end);
      at = end + separator.length;
      return part;
    };
    const headers = this.parsesHeaders ? take(this.headersDelimiter, "headers delimiter") : null;
    const key = this.parsesKey ? take(this.keySeparator, "key separator") : null;
    const record = { topic: this.topic, key: this.nullable(key), value: this.nullable(line.subarray(at)) };
    if (headers === null || this.isNull(headers)) return record;
    return { ...record, headers: this.headers(headers.toString()) };
  }

  private headers(text: string): Header[] {
    const pairs = text.split(this.headersSeparator);
    // Java's split leaves out what is empty at the end, unless there is nothing else.
    while (pairs.length > 1 && pairs.at(-1) === "") pairs.pop();
    return pairs.map((pair) => this.header(pair));
  }

  private header(pair: string): Header {
    const at = pair.indexOf(this.headersKeySeparator);
    if (at < 0) {
      if (this.ignoresErrors) return { key: pair, value: null };
      throw new ToolFailure(
        `No header key separator found in pair '${pair}' on line number ${this.lineNumber}`,
      );
    }
    const key = pair.slice(0, at);
    if (this.isNull(Buffer.from(key))) {
      throw new ToolFailure(
        `Header keys should not be equal to the null marker '${key}' as they can't be null`,
      );
    }
    return { key, value: this.nullable(Buffer.from(pair.slice(at + this.headersKeySeparator.length))) };
  }

  private nullable(bytes: Buffer | null): Buffer | null {
    return bytes === null || this.isNull(bytes) ? null : bytes;
  }

  private isNull(bytes: Buffer): boolean {
    return this.nullMarker?.equals(bytes) ?? false;
  }
}

function separatorsOf(properties: ReadonlyMap<string, string>) {
  return {
    "headers.delimiter": properties.get("headers.delimiter") ?? "\t",
    "headers.separator": properties.get("headers.separator") ?? ",",
    "headers.key.separator": properties.get("headers.key.separator") ?? ":",
    "key.separator": properties.get("key.separator") ?? "\t",
    "null.marker": properties.get("null.marker"),
  };
}

type Separators = ReturnType<typeof separatorsOf>;

/** Pairs that would make a line mean two things. */
const pairs: readonly (readonly [keyof Separators, keyof Separators])[] = [
  ["headers.delimiter", "headers.separator"],
  ["headers.delimiter", "headers.key.separator"],
  ["headers.separator", "headers.key.separator"],
  ["null.marker", "key.separator"],
  ["null.marker", "headers.separator"],
  ["null.marker", "headers.delimiter"],
  ["null.marker", "headers.key.separator"],
];

function checkDifferent(separators: Separators): void {
  for (const [one, other] of pairs) {
    if (separators[one] === separators[other]) {
      throw new ToolFailure(`${one} and ${other} may not be equal`);
    }
  }
}
