/**
 * A client's properties as typed values, refused in the words that Kafka's clients have.
 */
import { ClientConfigError } from "./errors.ts";

const INT32_MAX = 0x7fffffff;

export class Settings {
  constructor(private readonly properties: ReadonlyMap<string, string>) {}

  has(key: string): boolean {
    return this.properties.has(key);
  }

  text(key: string): string | undefined {
    return this.properties.get(key)?.trim();
  }

  /**
   * A whole number.
   *
   * @throws ClientConfigError
   */
  integer(key: string, preset: number, min = 0, max = INT32_MAX): number {
    const text = this.text(key);
    if (text === undefined) return preset;
    if (!/^[+-]?\d+$/.test(text)) throw invalid(key, text, "Not a number of type LONG");
    const value = Number(text);
    if (value < min) throw invalid(key, text, `Value must be at least ${min}`);
    // Java has more room for milliseconds and bytes than anything here needs: "for ever" is Long.MAX_VALUE there.
    return Math.min(value, max);
  }

  /** @throws ClientConfigError */
  flag(key: string, preset: boolean): boolean {
    const text = this.text(key)?.toLowerCase();
    if (text === undefined) return preset;
    if (text !== "true" && text !== "false") {
      throw invalid(key, text, "Expected value to be either true or false");
    }
    return text === "true";
  }

  /**
   * One of a few words, in small letters.
   *
   * @throws ClientConfigError
   */
  choice<const W extends string>(key: string, words: readonly W[], preset: W): W {
    const text = this.text(key)?.toLowerCase();
    if (text === undefined) return preset;
    const chosen = words.find((word) => word === text);
    if (chosen === undefined) throw invalid(key, text, `must be one of: ${words.join(", ")}`);
    return chosen;
  }
}

/** What is wrong with a value. */
export function invalid(key: string, value: string, why: string): ClientConfigError {
  return new ClientConfigError(`Invalid value ${value} for configuration ${key}: ${why}`);
}
