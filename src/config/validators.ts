/**
 * What a config value may hold. Messages are Kafka's, because clients show them: they go out with INVALID_CONFIG.
 */
import { type ConfigValue, InvalidConfigError, javaList } from "./config-value.ts";

export interface Validator {
  /** How Kafka writes the constraint in its documentation, such as `[1,...]`. */
  readonly text: string;
  /** The constraint for a person, such as `at least 1`. */
  readonly allowed: string;
  /** Kafka drops repeated elements of such a list before it checks them. */
  readonly dropsDuplicates?: boolean;
  /** @throws InvalidConfigError with Kafka's message */
  check(name: string, value: ConfigValue): void;
}

const invalid = (name: string, value: ConfigValue | string, reason: string) =>
  new InvalidConfigError(
    name,
    `Invalid value ${Array.isArray(value) ? javaList(value) : value} for configuration ${name}: ${reason}`,
  );

/** A number no smaller than `min`, and no larger than `max` if there is one. */
function range(min: number, max: number | null): Validator {
  return {
    get text() {
      return max === null ? `[${min},...]` : `[${min},...,${max}]`;
    },
    get allowed() {
      return max === null ? `at least ${min}` : `from ${min} to ${max}`;
    },
    check(name, value) {
      if (Number(value) < min) throw invalid(name, value, `Value must be at least ${min}`);
      if (max !== null && Number(value) > max)
        throw invalid(name, value, `Value must be no more than ${max}`);
    },
  };
}

export const atLeast = (min: number) => range(min, null);
export const between = (min: number, max: number) => range(min, max);

/** One of the given strings, as written. */
export function oneOf(...values: string[]): Validator {
  return {
    text: `[${values.join(", ")}]`,
    allowed: `one of ${values.join(", ")}`,
    check(name, value) {
      if (values.includes(String(value))) return;
      throw invalid(name, value, `String must be one of: ${values.join(", ")}`);
    },
  };
}

/** One of the given strings in any case; Kafka writes them in the order given. */
export function oneOfAnyCase(...values: string[]): Validator {
  return {
    text: `(case insensitive) [${values.join(", ")}]`,
    allowed: `one of ${values.join(", ")} in any case`,
    check(name, value) {
      if (values.includes(String(value).toUpperCase())) return;
      throw invalid(name, value, `String must be one of (case insensitive): ${values.join(", ")}`);
    },
  };
}

/** A list without empty or repeated elements; of `values` only, where any are given. */
function listOf(values: readonly string[], emptyAllowed: boolean): Validator {
  const element = values.length > 0 ? oneOf(...values) : null;
  return {
    text: element?.text ?? "",
    allowed: `a comma-separated list${element === null ? "" : ` of ${values.join(", ")}`}${emptyAllowed ? "" : ", not empty"}`,
    dropsDuplicates: true,
    check(name, value) {
      const elements = value as readonly string[];
      if (elements.length === 0 && !emptyAllowed) {
        const valid = element?.text ?? "any non-empty value";
        throw new InvalidConfigError(
          name,
          `Configuration '${name}' must not be empty. Valid values include: ${valid}`,
        );
      }
      if (new Set(elements).size < elements.length) {
        throw new InvalidConfigError(name, `Configuration '${name}' values must not be duplicated.`);
      }
      for (const one of elements) {
        if (one === "")
          throw new InvalidConfigError(name, `Configuration '${name}' values must not be empty.`);
        element?.check(name, one);
      }
    },
  };
}

export const anyList = listOf([], true);
export const nonEmptyList = listOf([], false);
export const listFrom = (...values: string[]) => listOf(values, true);
export const nonEmptyListFrom = (...values: string[]) => listOf(values, false);

export const nonEmptyString: Validator = {
  text: "non-empty string",
  allowed: "not empty",
  check(name, value) {
    if (value === "") throw invalid(name, value, "String must be non-empty");
  },
};

/** Always holds: a key in a file can't be null. It stands in the table because Kafka's documentation shows it. */
export const nonNullString: Validator = { text: "non-null string", allowed: "any text", check() {} };

export const gzipLevel: Validator = {
  text: "[1,...,9] or -1",
  allowed: "from 1 to 9, or -1 for the default level",
  check(name, value) {
    const level = Number(value);
    if (level === -1 || (level >= 1 && level <= 9)) return;
    throw invalid(name, value, "Value must be between 1 and 9 or equal to -1");
  },
};

/** Replicas as `partition:broker`, or `*` alone for all of them. */
export const throttledReplicas: Validator = {
  text: "[partitionId]:[brokerId],[partitionId]:[brokerId],...",
  allowed: "* or a comma-separated list of partition:broker",
  check(name, value) {
    const replicas = value as readonly string[];
    if (replicas.length === 1 && replicas[0] === "*") return;
    if (replicas.every((replica) => /^\d+:\d+$/.test(replica))) return;
    throw invalid(
      name,
      value,
      `${name} must be the literal '*' or a list of replicas in the following format: ${throttledReplicas.text}`,
    );
  },
};

export const quorumVoters: Validator = {
  text: "non-empty list",
  allowed: "a comma-separated list of id@host:port",
  check(name, value) {
    if ((value as readonly string[]).every((voter) => /^\d+@[^@]+:\d+$/.test(voter))) return;
    throw new InvalidConfigError(
      name,
      `Invalid configuration value for ${name}. Each entry should be in the form \`{id}@{host}:{port}\`.`,
    );
  },
};

export const bootstrapServers: Validator = {
  text: "non-empty list",
  allowed: "a comma-separated list of host:port",
  check(name, value) {
    const wrong = (value as readonly string[]).find((server) => !/^.+:\d+$/.test(server));
    if (wrong === undefined) return;
    throw new InvalidConfigError(
      name,
      `Failed to parse host name from ${wrong} for the configuration ${name}. Each entry should be in the form "{host}:{port}"`,
    );
  },
};

/** Where a share group starts: earliest, latest, or a duration ago in ISO 8601 (KIP-932). */
export const autoOffsetReset: Validator = {
  text: "[latest, earliest, by_duration:PnDTnHnMn.nS]",
  allowed: "earliest, latest or by_duration:<PnDTnHnMn.nS>",
  check(name, value) {
    const duration = /^by_duration:P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+([.,]\d{0,9})?S)?)?$/i;
    if (value === "earliest" || value === "latest" || duration.test(String(value))) return;
    throw invalid(
      name,
      value,
      `Invalid value \`${value}\` for configuration ${name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`,
    );
  },
};
