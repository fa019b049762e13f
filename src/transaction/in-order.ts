/**
 * Runs what is asked for the same key in the order in which it is asked, even where one has to wait for something. Where
 * nobody waits, nothing is put off.
 */
export class InOrder {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `task` now, or once those before it under the same key are done; however they ended. */
  run<T>(key: string, task: () => T | Promise<T>): T | Promise<T> {
    const before = this.last.get(key);
    const result = before === undefined ? task() : before.then(task);
    if (!(result instanceof Promise)) return result;
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(key, settled);
    settled.then(() => {
      if (this.last.get(key) === settled) this.last.delete(key);
    });
    return result;
  }
}
