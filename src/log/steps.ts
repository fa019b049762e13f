/**
 * Long work in steps: whoever has time for others lets them have a turn after each.
 */
export type Steps<T> = Generator<void, T>;

/** Does all that is left at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
