/**
 * Lets a loop that has much to do make way for what arrives over the network: what waits behind it too long would be
 * taken for lost.
 */
const STEPS_PER_TURN = 128;

export class Turns {
  private steps = 0;

  /** To be called with each step. Returns a promise when it is time to make way. */
  step(): Promise<void> | undefined {
    this.steps++;
    if (this.steps % STEPS_PER_TURN !== 0) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }
}
