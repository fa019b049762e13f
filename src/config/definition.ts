/**
 * What a config key is: its name, type, default, what it may hold, where it may be changed, and whether Houska acts
 * on it. The rows of the tables under definitions/ are written with the functions here, one line a key.
 */

import type { ConfigValue } from "./config-value.ts";
import { documentation } from "./definitions/documentation.ts";
import type { Validator } from "./validators.ts";

export type ConfigType =
  | "boolean"
  | "string"
  | "int"
  | "short"
  | "long"
  | "double"
  | "list"
  | "class"
  | "password";

/** Where a broker config may be changed while the broker runs (KIP-226). */
export type DynamicMode = "read-only" | "per-broker" | "cluster-wide";

/** A broker config that stands in for a topic or group config where that is not set. */
export interface Synonym {
  readonly name: string;
  /** What one unit of the broker config is in units of the topic config: 3,600,000 for hours to milliseconds. */
  readonly factor: number;
}

export interface Definition<
  Name extends string = string,
  Type extends ConfigType = ConfigType,
  Nullable extends boolean = boolean,
> {
  readonly name: Name;
  readonly type: Type;
  /** The default in Kafka's text form; null where Kafka has none. */
  readonly default: string | null;
  /** The default as a value. */
  readonly defaultValue: ConfigValue | null;
  /** True where no default exists, so that the value may be absent. */
  readonly nullable: Nullable;
  readonly validator: Validator | null;
  readonly importance: "high" | "medium" | "low";
  /** Left out of descriptions unless somebody set it. */
  readonly internal: boolean;
  readonly dynamic: DynamicMode;
  /** Whether setting it changes what Houska does; a key in a properties file that doesn't gets a warning. */
  readonly actedOn: boolean;
  readonly documentation: string | null;
  /** Broker configs that supply the value where the topic or group has none, the first that is set wins. */
  readonly synonyms: readonly Synonym[];
}

type Mark = Partial<Pick<Definition, "importance" | "internal" | "dynamic" | "actedOn" | "synonyms">>;

export const high: Mark = { importance: "high" };
export const low: Mark = { importance: "low" };
export const internal: Mark = { internal: true };
export const perBroker: Mark = { dynamic: "per-broker" };
export const clusterWide: Mark = { dynamic: "cluster-wide" };

/** Houska acts on the key. */
export const acts: Mark = { actedOn: true };

/** The broker configs behind a topic or group config: a name, or a name and its factor. */
export const from = (...synonyms: (string | readonly [string, number])[]): Mark => ({
  synonyms: synonyms.map((entry) =>
    typeof entry === "string" ? { name: entry, factor: 1 } : { name: entry[0], factor: entry[1] },
  ),
});

/**
 * A row works out what it says when it is asked: four hundred of them are made at each start, and a few are ever looked at.
 */
class Row<Written extends string | number | bigint | boolean> implements Definition {
  readonly nullable: boolean;

  constructor(
    readonly name: string,
    readonly type: ConfigType,
    private readonly written: Written | null,
    private readonly asValue: (written: Written) => ConfigValue,
    private readonly marks: readonly (Mark | Validator)[],
  ) {
    this.nullable = written === null;
  }

  get default(): string | null {
    return this.written === null ? null : String(this.written);
  }

  get defaultValue(): ConfigValue | null {
    return this.written === null ? null : this.asValue(this.written);
  }

  get validator(): Validator | null {
    return this.marks.findLast((one): one is Validator => "check" in one) ?? null;
  }

  get importance() {
    return this.marked("importance") ?? "medium";
  }

  get internal() {
    return this.marked("internal") ?? false;
  }

  get dynamic() {
    return this.marked("dynamic") ?? "read-only";
  }

  get actedOn() {
    return this.marked("actedOn") ?? false;
  }

  get documentation() {
    return documentation[this.name] ?? null;
  }

  get synonyms() {
    return this.marked("synonyms") ?? [];
  }

  private marked<Key extends keyof Mark>(key: Key): Mark[Key] {
    return this.marks.findLast((one): one is Mark => key in one)?.[key];
  }
}

/** A row of one type: `(name, default, ...validator and marks)`. */
function rowOf<Type extends ConfigType, Default extends string | number | bigint | boolean>(
  type: Type,
  asValue: (written: Default) => ConfigValue = (written) => written,
) {
  return <const Name extends string, const D extends Default | null>(
    name: Name,
    defaultValue: D,
    ...marks: (Mark | Validator)[]
  ) =>
    new Row<Default>(name, type, defaultValue, asValue, marks) as Definition as Definition<
      Name,
      Type,
      null extends D ? true : false
    >;
}

export const boolean = rowOf<"boolean", boolean>("boolean");
export const string = rowOf<"string", string>("string");
export const int = rowOf<"int", number>("int");
export const short = rowOf<"short", number>("short");
export const long = rowOf<"long", number | bigint>("long", BigInt);
/** Doubles take their default as Kafka's text, since 1.7976931348623157E308 is written otherwise in JavaScript. */
export const double = rowOf<"double", string>("double", Number);
/** Lists take their default as comma-separated text. */
export const list = rowOf<"list", string>("list", (written) => (written === "" ? [] : written.split(",")));
export const className = rowOf<"class", string>("class");
export const password = rowOf<"password", string>("password");

/** Java's Long.MAX_VALUE, Kafka's way of saying "never". */
export const LONG_MAX = 9223372036854775807n;
export const INT_MAX = 2147483647;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
