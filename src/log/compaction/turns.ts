/**
 * Long work on the event loop, in turns so short that requests don't feel it. Whoever works asks after each piece
 * whether the turn is over, and then lets the others go first.
 */

/** Milliseconds. A request that comes in the middle of a turn waits for its end. */
const TURN_MS = 0.5;

export class Turns {
  #began = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#began >= TURN_MS;
  }

  /** Resolves when everything that was waiting has been served; a new turn begins. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.begin();
  }

  /** A new turn begins, since others were served while this waited for something else. */
  begin(): void {
    this.#began = performance.now();
  }
}
