/**
 * A record that contradicts what the records before it have led to: something is missing before it, or it was never
 * written by a controller.
 */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
}
