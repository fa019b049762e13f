/**
 * A regular expression, taken apart.
 */
import type { CharSet } from "./char-set.ts";

/** A place rather than a character. */
export type Place = "begin" | "end" | "word boundary" | "no word boundary";

export type Node =
  | { readonly kind: "character"; readonly set: CharSet }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number };

/** Matches nothing at all, not even the empty text. */
export const NEVER: Node = { kind: "choice", options: [] };
export const EMPTY: Node = { kind: "sequence", parts: [] };
