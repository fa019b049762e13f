/**
 * Who wants to know that a connection has closed.
 */
export class CloseListeners {
  /** Made when somebody asks, as most connections have none. */
  private listeners: Set<() => void> | null = null;
  private hasRun = false;

  /** @param onError is told what a listener throws; the others are called all the same */
  constructor(private readonly onError: (error: unknown) => void) {}

  /** Adds a listener, which is called at once when it is too late. Gives back what takes it away again. */
  add(listener: () => void): () => void {
    if (this.hasRun) {
      this.call(listener);
      return () => {};
    }
    // A wrapper, so that a function added twice is called twice.
    const entry = () => listener();
    this.listeners ??= new Set();
    this.listeners.add(entry);
    return () => this.listeners?.delete(entry);
  }

  /** Calls all of them, the first time. */
  run(): void {
    const listeners = this.listeners;
    this.hasRun = true;
    this.listeners = null;
    if (listeners !== null) for (const listener of listeners) this.call(listener);
  }

  private call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.onError(error);
    }
  }
}
