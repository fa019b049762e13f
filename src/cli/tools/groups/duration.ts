/**
 * Durations as ISO 8601 writes them.
 */
import { ToolFailure } from "../../tool/failure.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const pattern =
  /^([+-])?P(?:([+-]?\d+)D)?(?:T(?=[\d+-])(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:[.,]\d{0,9})?)S)?)?$/i;

/**
 * Milliseconds of `P1DT2H3M4.5S`, of which everything but one number may be left out.
 *
 * @throws ToolFailure
 */
export function parseDuration(text: string): number {
  const match = pattern.exec(text);
  const [, sign, ...numbers] = match ?? [];
  if (match === null || numbers.every((number) => number === undefined)) {
    throw new ToolFailure("Text cannot be parsed to a Duration");
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map((number) =>
    Number((number ?? "0").replace(",", ".")),
  );
  const total = days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + Math.round(seconds * SECOND_MS);
  return sign === "-" ? -total : total;
}
