/**
 * Times in the patterns of Java's SimpleDateFormat, as far as numbers go.
 */
import { ToolFailure } from "../../tool/failure.ts";

/** What a letter stands for; the count of letters is the least number of digits. */
const fields: Readonly<Record<string, (time: Date) => number>> = {
  y: (time) => time.getFullYear(),
  M: (time) => time.getMonth() + 1,
  d: (time) => time.getDate(),
  H: (time) => time.getHours(),
  k: (time) => time.getHours() || 24,
  K: (time) => time.getHours() % 12,
  h: (time) => time.getHours() % 12 || 12,
  m: (time) => time.getMinutes(),
  s: (time) => time.getSeconds(),
  S: (time) => time.getMilliseconds(),
};

/** A text in quotes, letters of a kind, or anything else. */
const part = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

/**
 * A function that writes times, in milliseconds since 1970, in the local time zone.
 *
 * @throws ToolFailure for a letter that stands for no number
 */
export function dateFormat(pattern: string): (timeMs: number) => string {
  const writers = [...pattern.matchAll(part)].map(([text, quoted, letter]) => {
    if (quoted !== undefined) return () => (quoted === "" ? "'" : quoted.replaceAll("''", "'"));
    if (letter === undefined) return () => text;
    if (letter === "a") return (time: Date) => (time.getHours() < 12 ? "AM" : "PM");
    const field = Object.hasOwn(fields, letter) ? fields[letter] : undefined;
    if (field === undefined) throw new ToolFailure(`--date-format ${pattern}: '${text}' is not known here`);
    return (time: Date) => {
      const digits = String(field(time)).padStart(text.length, "0");
      return text === "yy" ? digits.slice(-2) : digits;
    };
  });
  return (timeMs) => {
    const time = new Date(timeMs);
    return writers.map((write) => write(time)).join("");
  };
}
