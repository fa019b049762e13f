/**
 * A rule between keys, and what it says when it doesn't hold.
 */
import type { ConfigLayers } from "../layers.ts";

/** A rule that doesn't hold: the keys it concerns, the one most likely wrong first, and Kafka's message. */
export interface BrokenRule {
  readonly keys: readonly string[];
  readonly message: string;
}

/** @throws InvalidConfigError where a value can't be read at all */
export type Rule = (layers: ConfigLayers) => BrokenRule | null;

/** A rule whose message Kafka begins with `requirement failed: `. */
export const requirement =
  (keys: readonly string[], message: string, holds: (layers: ConfigLayers) => boolean): Rule =>
  (layers) =>
    holds(layers) ? null : { keys, message: `requirement failed: ${message}` };
