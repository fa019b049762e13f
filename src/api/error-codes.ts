/**
 * Finds the error codes in an answer, wherever its message has them, so that errors are counted for all APIs alike.
 */
import type { Definition, Fields } from "../protocol/schema.ts";

/** What an answer says of whether it went well is in a field of this name, or one that ends so. */
const ERROR_CODE = /^(errorCode|\w+ErrorCode)$/;

/** Where a struct has error codes: in fields of its own, and in structs within it. */
interface Places {
  readonly codes: readonly string[];
  readonly within: readonly (readonly [field: string, places: Places])[];
}

/** Told of each error code in an answer; of 0 where one says that it went well. */
export type ErrorCodeListener = (code: number) => void;

const known = new Map<Definition, Places>();

/** Calls `listener` for every error code in an answer of this response's definition. */
export function forEachErrorCode(response: Definition, answer: unknown, listener: ErrorCodeListener): void {
  let places = known.get(response);
  if (places === undefined) {
    places = placesIn(response.fields);
    known.set(response, places);
  }
  visit(places, answer, listener);
}

function placesIn(fields: Fields): Places {
  const codes: string[] = [];
  const within: (readonly [string, Places])[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === "int16" && ERROR_CODE.test(name)) codes.push(name);
    const inner = field.type === "array" ? field.element?.fields : field.fields;
    if (inner === undefined) continue;
    const places = placesIn(inner);
    if (places.codes.length > 0 || places.within.length > 0) within.push([name, places]);
  }
  return { codes, within };
}

function visit({ codes, within }: Places, struct: unknown, listener: ErrorCodeListener): void {
  if (typeof struct !== "object" || struct === null) return;
  const values = struct as Readonly<Record<string, unknown>>;
  for (const name of codes) {
    const code = values[name];
    // What is left out is written as 0.
    listener(typeof code === "number" ? code : 0);
  }
  for (const [name, places] of within) {
    const value = values[name];
    if (Array.isArray(value)) for (const element of value) visit(places, element, listener);
    else visit(places, value, listener);
  }
}
