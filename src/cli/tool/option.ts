/**
 * How a tool declares its options, and the types of what it is given for them.
 */

interface Described {
  /** A sentence for `--help`; paragraphs are separated by line ends. */
  readonly description: string;
  /** The option can't be done without; under our own names of the tools `preset` stands in, where there is one. */
  readonly required?: boolean;
  /** What our own name of the tool assumes where Kafka's name of it insists on the option. */
  readonly preset?: string;
  /** One letter that says the same behind a single dash. */
  readonly short?: string;
  /** Options that can't be given together with this one. */
  readonly excludes?: readonly string[];
  /** Options that must be given when this one is. */
  readonly needs?: readonly string[];
  /** The name that says the same and stays, where Kafka means to take this one away. */
  readonly renamedTo?: string;
}

interface Flag extends Described {
  readonly type?: undefined;
}

interface Valued extends Described {
  /** `list` is a string with commas in it. */
  readonly type: "string" | "integer" | "list";
  /** What the value is, in `--help`. */
  readonly takes: string;
  /** Whether the option may be given more than once. */
  readonly repeated?: boolean;
  /** The option says something without a value, too: it is given as "" then. */
  readonly optionalValue?: boolean;
  /** What holds when the option isn't given, as it would be written. */
  readonly default?: string;
}

export type Option = Flag | Valued;
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Valued> = O["type"] extends "integer"
  ? number
  : O["type"] extends "list"
    ? readonly string[]
    : string;

type IsThere<O extends Option> = O extends { required: true } | { default: string } ? true : false;

type GivenOne<O extends Option> = O extends Valued
  ? O extends { repeated: true }
    ? readonly ValueOf<O>[]
    : IsThere<O> extends true
      ? ValueOf<O>
      : ValueOf<O> | undefined
  : boolean;

/** What was given: values by the options' names; a flag is true or false, a repeated option a list. */
export type Given<O extends Options> = { readonly [K in keyof O]: GivenOne<O[K]> };

/** An option under the name that Kafka means to take away. */
export function renamedTo<const O extends Omit<Valued, "description">>(name: string, option: O) {
  return { ...option, description: `(DEPRECATED) The same as --${name}.`, renamedTo: name };
}

/** Words whose form alone tells: an option takes a value or is a flag. */
export function takesValue(option: Option): option is Valued {
  return option.type !== undefined;
}
