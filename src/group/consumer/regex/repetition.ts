/**
 * Reads how often something is repeated: * + ? {2,5}, each with a ? behind it that changes nothing here, because only
 * whole names are matched.
 */
import type { Cursor } from "./cursor.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

export interface Repetition {
  readonly min: number;
  /** Infinity for no end. */
  readonly max: number;
}

export const NO_REPETITION: Repetition = { min: 1, max: 1 };

const MAX_COUNT = 1000;

const operators: Record<string, Repetition> = {
  "*": { min: 0, max: Number.POSITIVE_INFINITY },
  "+": { min: 1, max: Number.POSITIVE_INFINITY },
  "?": { min: 0, max: 1 },
};

/** NO_REPETITION, that very object, where none comes next: a brace that counts nothing is a character like others. */
export function readRepetition(cursor: Cursor): Repetition {
  const operator = operators[cursor.character];
  if (operator !== undefined) cursor.skip(1);
  const repetition = operator ?? readCounts(cursor);
  if (repetition !== NO_REPETITION) cursor.take("?");
  return repetition;
}

function readCounts(cursor: Cursor): Repetition {
  const [whole, low, comma, high] = /^\{(0|[1-9][0-9]*)(,?)(0|[1-9][0-9]*)?\}/.exec(cursor.rest) ?? [];
  if (whole === undefined || (comma === "" && high !== undefined)) return NO_REPETITION;
  cursor.skip(whole.length);
  const min = Number(low);
  const max = comma === "" ? min : high === undefined ? Number.POSITIVE_INFINITY : Number(high);
  const tooMany = min > MAX_COUNT || (max > MAX_COUNT && max !== Number.POSITIVE_INFINITY);
  if (tooMany || min > max) throw new RegexSyntaxError("invalid repeat count");
  return { min, max };
}
