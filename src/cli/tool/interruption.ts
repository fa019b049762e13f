/**
 * A tool that works until it is told to stop, by Ctrl-C for instance, and then ends in good order.
 */

/** Exit codes of a process that a signal has ended, as shells and the JVM count them. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;

export class Interruption {
  /** Resolves when the process was told to stop. */
  readonly promise: Promise<void>;
  private readonly resolve: () => void;
  private signal: Signal | null = null;
  private readonly listeners: { signal: Signal; listener: () => void }[] = [];

  /** Listens for signals until `dispose`. A second one ends the process at once. */
  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.promise = promise;
    this.resolve = resolve;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const listener = () => this.interrupt(signal);
      process.on(signal, listener);
      this.listeners.push({ signal, listener });
    }
  }

  /** The exit code of a process that was told to stop; undefined for one that wasn't. */
  get exitCode(): number | undefined {
    return this.signal === null ? undefined : exitCodes[this.signal];
  }

  dispose(): void {
    for (const { signal, listener } of this.listeners) process.off(signal, listener);
  }

  private interrupt(signal: Signal): void {
    if (this.signal !== null) process.exit(exitCodes[signal]);
    this.signal = signal;
    this.resolve();
  }
}
