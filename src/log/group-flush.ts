/**
 * One flush at a time: whoever wants one while it runs shares the next, which begins when it is done and covers all
 * that was written until then.
 */
export class GroupFlush {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** Resolves when a flush that began after this call is done. `run` does the work. */
  request(run: () => Promise<void>): Promise<void> {
    if (!this.#running) return this.#start(run);
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#start(run);
      });
    return this.#next;
  }

  #start(run: () => Promise<void>): Promise<void> {
    const running = run().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }
}
