/**
 * Long work on the event loop, in turns so short that requests hardly feel it, with rests between them in which nobody
 * who comes has to wait. Whoever works asks after each piece whether the turn is over, and then rests.
 */

/** Milliseconds. A request that comes in the middle of a turn waits for its end. */
const TURN_MS = 0.25;
/** Milliseconds, the shortest that a timer can wait: at least four of five requests meet no turn at all. */
const REST_MS = 1;
/** What is soon done needs no rests, which last much longer on a busy machine: others only go first after each turn. */
const TURNS_WITHOUT_REST = 40;

export class Turns {
  #began = performance.now();
  #count = 0;

  get isOver(): boolean {
    return performance.now() - this.#began >= TURN_MS;
  }

  /** Resolves after a rest; a new turn begins. */
  async rest(): Promise<void> {
    const isSoon = ++this.#count <= TURNS_WITHOUT_REST;
    await new Promise<void>((resolve) => (isSoon ? setImmediate(resolve) : setTimeout(resolve, REST_MS)));
    this.#began = performance.now();
  }

  /** Waits for what others do: that is no part of the turn. */
  async away<T>(work: Promise<T>): Promise<T> {
    const left = performance.now();
    try {
      return await work;
    } finally {
      this.#began += performance.now() - left;
    }
  }
}
