/**
 * Finds the error codes in an answer, wherever its message has them, so that errors are counted for all APIs alike.
 */
import type { Definition, Fields } from "../protocol/schema.ts";

/** What an answer says of whether it went well is in a field of this name, or one that ends so. */
const ERROR_CODE = /^(errorCode|\w+ErrorCode)$/;

/** Where a struct has error codes: in fields of its own, and in structs within it. */
interface Places {
  readonly codes: readonly string[];
  readonly within: readonly Within[];
}

interface Within {
  readonly field: string;
  readonly places: Places;
}

/** Told of each error code in an answer; of 0 where one says that it went well. */
export type ErrorCodeListener = (code: number) => void;

const known = new Map<Definition, Places>();

/** Calls `listener` for every error code in an answer of this response's definition. */
export function forEachErrorCode(response: Definition, answer: unknown, listener: ErrorCodeListener): void {
  let places = known.get(response);
  if (places === undefined) {
    places = placesIn(response.fields());
    known.set(response, places);
  }
  visit(places, answer, listener);
}

function placesIn(fields: Fields): Places {
  const codes: string[] = [];
  const within: Within[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === "int16" && ERROR_CODE.test(name)) codes.push(name);
    const inner = field.type === "array" ? field.element?.fields : field.fields;
    if (inner === undefined) continue;
    const places = placesIn(inner);
    if (places.codes.length > 0 || places.within.length > 0) within.push({ field: name, places });
  }
  return { codes, within };
}

/** Runs for every answer, so it goes through lists by their index, which is quicker than by an iterator. */
function visit(places: Places, struct: unknown, listener: ErrorCodeListener): void {
  if (typeof struct !== "object" || struct === null) return;
  const values = struct as Readonly<Record<string, unknown>>;
  const { codes, within } = places;
  for (let at = 0; at < codes.length; at++) {
    const code = values[codes[at] ?? ""];
    // What is left out is written as 0.
    listener(typeof code === "number" ? code : 0);
  }
  for (let at = 0; at < within.length; at++) {
    const inner = within[at];
    if (inner === undefined) continue;
    const value = values[inner.field];
    if (!Array.isArray(value)) visit(inner.places, value, listener);
    else for (let index = 0; index < value.length; index++) visit(inner.places, value[index], listener);
  }
}
