/**
 * The memory that the requests of all connections take together (`queued.max.request.bytes`).
 *
 * A connection says what it holds after each piece it has received. When all of them hold more than the limit, those
 * with more than a little have to wait, in turn, except one: it may finish its request, so that there is always
 * progress. Small requests pass, so that full memory does not stop heartbeats. While somebody waits, a connection
 * that holds part of a large request and hardly sends any more of it is closed: else a few of those could hold up all.
 */
import type { Clock } from "../clock.ts";

/** A connection, as far as it holds memory for requests. */
export interface MemoryHolder {
  /** All bytes it ever received. */
  readonly receivedBytes: number;
  /** Whether part of a request has arrived, and the rest would be taken if it came. */
  readonly isMidRequest: boolean;
  /** It may go on. */
  resumeAfterWait(): void;
  close(reason: string): void;
}

/** Holding no more than this never waits. */
const SMALL_BYTES = 16 * 1024;
/** What a connection may receive before it says so. */
const PIECE_BYTES = 512 * 1024;
const CHECK_MS = 5000;
const MIN_BYTES_PER_CHECK = 64 * 1024;

export class RequestMemory {
  private used = 0;
  private readonly held = new Map<MemoryHolder, number>();
  private readonly waiting = new Set<MemoryHolder>();
  /** The one that goes on although the limit is exceeded. */
  private exempt: MemoryHolder | null = null;
  private isWaking = false;
  private isChecking = false;

  /** @param limit gives `queued.max.request.bytes`; 0 or less is no limit */
  constructor(
    private readonly limit: () => number,
    private readonly clock: Clock,
  ) {}

  get usedBytes(): number {
    return this.used;
  }

  /** Whether somebody may take in this many bytes more before saying so. */
  hasRoomFor(bytes: number): boolean {
    const limit = this.limit();
    return limit <= 0 || this.used + bytes <= limit;
  }

  /**
   * Sets what this holder holds now.
   *
   * @returns false when it has to wait for `resumeAfterWait` before it takes in more
   */
  hold(holder: MemoryHolder, bytes: number): boolean {
    const limit = this.limit();
    if (limit <= 0 && this.held.size === 0) return true;
    const before = this.held.get(holder) ?? 0;
    this.used += bytes - before;
    if (bytes > 0) this.held.set(holder, bytes);
    else this.held.delete(holder);
    if (bytes <= SMALL_BYTES && this.exempt === holder) this.exempt = null;
    const mayGoOn = this.mayGoOn(holder, bytes, limit);
    if (mayGoOn) this.waiting.delete(holder);
    else this.makeWait(holder);
    if (bytes < before) this.wake();
    return mayGoOn;
  }

  /** Says that this holder cannot go on now for another reason: it shall not keep others from it. */
  standAside(holder: MemoryHolder): void {
    if (this.exempt !== holder) return;
    this.exempt = null;
    this.wake();
  }

  private mayGoOn(holder: MemoryHolder, bytes: number, limit: number): boolean {
    if (limit <= 0 || this.used <= limit || bytes <= SMALL_BYTES) return true;
    this.exempt ??= holder;
    return this.exempt === holder;
  }

  private makeWait(holder: MemoryHolder): void {
    this.waiting.add(holder);
    if (this.isChecking) return;
    this.isChecking = true;
    this.clock.schedule(CHECK_MS, () => this.closeStalled(new Map()));
  }

  /** Lets those who wait go on, the longest-waiting first, as far as there is room. */
  private wake(): void {
    // Who goes on may let go of memory at once and so come here again.
    if (this.isWaking) return;
    this.isWaking = true;
    const limit = this.limit();
    let room = limit <= 0 ? Number.POSITIVE_INFINITY : limit - this.used;
    for (const holder of this.waiting) {
      if (room < 0 && this.exempt !== null) break;
      if (room < 0) this.exempt = holder;
      room -= PIECE_BYTES;
      this.waiting.delete(holder);
      holder.resumeAfterWait();
    }
    this.isWaking = false;
  }

  private closeStalled(receivedBefore: Map<MemoryHolder, number>): void {
    this.isChecking = this.waiting.size > 0;
    if (!this.isChecking) return;
    const received = new Map<MemoryHolder, number>();
    for (const [holder, bytes] of [...this.held]) {
      if (bytes <= SMALL_BYTES || !holder.isMidRequest || this.waiting.has(holder)) continue;
      const before = receivedBefore.get(holder);
      const progress = holder.receivedBytes - (before ?? Number.NEGATIVE_INFINITY);
      if (progress < MIN_BYTES_PER_CHECK) {
        holder.close(
          `sent ${progress} bytes of an unfinished request in ${CHECK_MS / 1000} s while others wait for memory (queued.max.request.bytes)`,
        );
      } else received.set(holder, holder.receivedBytes);
    }
    this.clock.schedule(CHECK_MS, () => this.closeStalled(received));
  }
}
