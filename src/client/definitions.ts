/**
 * Messages in fewer versions than there are, for a client that must not use the newest.
 */
import type { Definition, Fields } from "../protocol/schema.ts";

/** The same message, known up to a version only. */
export function upTo<F extends Fields>(definition: Definition<F>, max: number): Definition<F> {
  return { ...definition, versions: { min: definition.versions.min, max } };
}
