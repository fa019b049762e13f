/**
 * Tells somebody at a terminal that nothing has come yet, on a line that is gone when something comes.
 */
import type { WriteStream } from "node:tty";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
/** What comes sooner needs no word about the wait. */
const PATIENCE_MS = 400;
const ERASE_LINE = "\r\u001b[2K";

export class Progress {
  private readonly timer: ReturnType<typeof setInterval> | null = null;
  private readonly startedMs = performance.now();
  private isShown = false;

  /** @param terminal nothing is shown where it is null or no terminal */
  constructor(
    private readonly terminal: Pick<WriteStream, "isTTY" | "write"> | null,
    private readonly text: string,
  ) {
    if (terminal?.isTTY) this.timer = setInterval(() => this.show(), FRAME_MS);
  }

  /** Something has come, or it is over. */
  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    if (this.isShown) this.terminal?.write(ERASE_LINE);
    this.isShown = false;
  }

  private show(): void {
    const waitedMs = performance.now() - this.startedMs;
    if (waitedMs < PATIENCE_MS) return;
    this.isShown = true;
    const frame = FRAMES[Math.floor(waitedMs / FRAME_MS) % FRAMES.length];
    this.terminal?.write(`${ERASE_LINE}${frame} ${this.text} (${Math.floor(waitedMs / 1000)} s)`);
  }
}
