/**
 * The replies of one connection: they are added when they are ready, leave in the order of their requests, and are
 * written to the socket in as few calls as possible.
 */
import type { MorePieces, Reply, SendFile } from "./reply.ts";

/** The writing side of a socket: takes what fits and says how much that was; −1 when it is closed. */
export interface ByteSink {
  write(data: Uint8Array, byteOffset: number, byteLength: number): number;
}

/** A place in the line of replies. */
export interface Slot {
  readonly requestBytes: number;
  reply: Reply | null;
  settled: boolean;
  /** Out of the line: when its reply comes, it is only released. */
  dropped: boolean;
  next: Slot | null;
}

/** Buffers up to this size are copied together: a copy costs less than another call of the socket. */
const SMALL_BYTES = 16 * 1024;
const STAGE_BYTES = 128 * 1024;

/**
 * Where small buffers are put together; shared by all connections, as nothing is left in it when a flush returns.
 * Its pages cost memory only once they are used.
 */
const stage = Buffer.allocUnsafeSlow(STAGE_BYTES);

export class ReplyQueue {
  private head: Slot | null = null;
  private tail: Slot | null = null;
  /** How far the head's reply has been sent: which of its buffers, and bytes of that one. */
  private bufferIndex = 0;
  private bufferTaken = 0;
  /** The piece that the head's `more` gave last. */
  private piece: Uint8Array | null = null;
  private staged = 0;
  /** What was put together and the socket did not take. */
  private rest: Buffer | null = null;
  private restTaken = 0;
  private blocked = false;
  private sinkClosed = false;
  private pendingCount = 0;
  private pendingBytes = 0;
  private unsent = 0;
  private isClosed = false;

  /** @param onReleaseError is told what a reply's `release` throws; nothing else comes of it */
  constructor(
    private readonly sink: ByteSink,
    private readonly onReleaseError: (error: unknown) => void,
    private readonly sendFile: SendFile | null = null,
  ) {}

  /** Requests without a reply so far. */
  get pendingRequests(): number {
    return this.pendingCount;
  }

  /** Bytes of the requests without a reply so far. */
  get pendingRequestBytes(): number {
    return this.pendingBytes;
  }

  /** Bytes of replies that are ready and that the socket has not taken, or cannot yet be given. */
  get unsentBytes(): number {
    return this.unsent;
  }

  /** Whether every request has been answered and every answer has left. */
  get isEmpty(): boolean {
    return this.head === null && this.rest === null;
  }

  /** Whether the socket has refused a write because it is closed. It need not say so in any other way. */
  get isBroken(): boolean {
    return this.sinkClosed;
  }

  /** Adds the reply to the newest request. */
  add(reply: Reply): Slot {
    const slot: Slot = { requestBytes: 0, reply: null, settled: true, dropped: this.isClosed, next: null };
    if (slot.dropped) {
      this.release(reply);
      return slot;
    }
    slot.reply = reply;
    this.unsent += sizeOf(reply);
    return this.append(slot);
  }

  /** Keeps a place for the reply to the newest request. */
  reserve(requestBytes: number): Slot {
    const slot: Slot = { requestBytes, reply: null, settled: false, dropped: this.isClosed, next: null };
    if (slot.dropped) return slot;
    this.pendingCount++;
    this.pendingBytes += requestBytes;
    return this.append(slot);
  }

  /** Puts the reply in its place; null for a request that gets none. */
  answer(slot: Slot, reply: Reply | null): void {
    if (slot.dropped) {
      this.release(reply);
      return;
    }
    this.forgetPending(slot);
    slot.settled = true;
    slot.reply = reply;
    if (reply !== null) this.unsent += sizeOf(reply);
  }

  /** Drops all places behind `slot`. */
  dropAfter(slot: Slot): void {
    this.dropFrom(slot.next);
    slot.next = null;
    this.tail = slot;
  }

  /** Drops everything, now and from now on, because the connection is closed. */
  dropAll(): void {
    this.isClosed = true;
    const first = this.head;
    this.head = null;
    this.tail = null;
    this.rest = null;
    this.piece = null;
    this.dropFrom(first);
    this.unsent = 0;
  }

  /** The socket takes bytes again. */
  unblock(): void {
    this.blocked = false;
  }

  /** Writes what is ready until the socket takes no more. Throws what a reply's `more` throws. */
  flush(): void {
    if (this.blocked || this.isClosed || !this.sendRest()) return;
    for (let slot = this.head; slot?.settled; slot = this.head) {
      if (slot.reply !== null && !this.sendReply(slot.reply)) return;
      this.head = slot.next;
      if (this.head === null) this.tail = null;
      this.bufferIndex = 0;
      this.release(slot.reply);
    }
    this.sendStage();
  }

  private append(slot: Slot): Slot {
    if (this.tail === null) this.head = slot;
    else this.tail.next = slot;
    this.tail = slot;
    return slot;
  }

  private forgetPending(slot: Slot): void {
    this.pendingCount--;
    this.pendingBytes -= slot.requestBytes;
  }

  private dropFrom(first: Slot | null): void {
    for (let slot = first; slot !== null; slot = slot.next) {
      slot.dropped = true;
      if (!slot.settled) this.forgetPending(slot);
      else if (slot.reply !== null) {
        this.unsent -= sizeOf(slot.reply);
        this.release(slot.reply);
      }
    }
  }

  private release(reply: Reply | null): void {
    try {
      reply?.release?.();
    } catch (error) {
      this.onReleaseError(error);
    }
  }

  /** @returns whether all of it was taken or staged */
  private sendReply(reply: Reply): boolean {
    for (;;) {
      const buffer = this.current(reply);
      if (buffer === null) return !this.blocked;
      const left = buffer.length - this.bufferTaken;
      if (left <= SMALL_BYTES) {
        if (this.staged + left > STAGE_BYTES && !this.sendStage()) return false;
        this.putOnStage(buffer);
        this.took(left);
      } else {
        if (!this.sendStage()) return false;
        const taken = this.write(buffer, this.bufferTaken, left);
        this.took(taken);
        if (taken < left) return false;
      }
      this.bufferTaken = 0;
      if (this.bufferIndex < reply.buffers.length) this.bufferIndex++;
      else this.piece = null;
    }
  }

  private took(bytes: number): void {
    this.unsent -= bytes;
    this.bufferTaken += bytes;
  }

  /** The buffer of this reply that is to be sent next. */
  private current(reply: Reply): Uint8Array | null {
    const buffer = reply.buffers[this.bufferIndex];
    if (buffer !== undefined) return buffer;
    if (this.piece === null && reply.more !== undefined) this.piece = this.nextPiece(reply.more);
    return this.piece;
  }

  /** What has to be written after all that can be sent from files; null at the end, or when the socket is blocked. */
  private nextPiece(more: MorePieces): Uint8Array | null {
    const { sendFile } = this;
    if (sendFile === null || more.send === undefined) return more.next();
    if (!this.sendStage()) return null;
    for (;;) {
      const taken = more.send(sendFile);
      if (taken < 0) return more.next(undefined, true);
      // Only a write makes the socket tell when it takes bytes again.
      if (taken === 0) return more.next(SMALL_BYTES);
      this.unsent -= taken;
    }
  }

  private putOnStage(buffer: Uint8Array): void {
    stage.set(this.bufferTaken === 0 ? buffer : buffer.subarray(this.bufferTaken), this.staged);
    this.staged += buffer.length - this.bufferTaken;
  }

  /** @returns whether all of it was taken */
  private sendStage(): boolean {
    const staged = this.staged;
    if (staged === 0) return true;
    this.staged = 0;
    const taken = this.write(stage, 0, staged);
    if (taken === staged) return true;
    if (this.isClosed) return false;
    this.rest = Buffer.from(stage.subarray(taken, staged));
    this.restTaken = 0;
    this.unsent += this.rest.length;
    return false;
  }

  /** @returns whether all of it was taken */
  private sendRest(): boolean {
    if (this.rest === null) return true;
    const left = this.rest.length - this.restTaken;
    const taken = this.write(this.rest, this.restTaken, left);
    this.restTaken += taken;
    this.unsent -= taken;
    if (taken < left) return false;
    this.rest = null;
    return true;
  }

  private write(data: Uint8Array, offset: number, length: number): number {
    const taken = this.sink.write(data, offset, length);
    if (taken < length) this.blocked = true;
    if (taken < 0) this.sinkClosed = true;
    return Math.max(taken, 0);
  }
}

function sizeOf(reply: Reply): number {
  let size = reply.more?.sizeInBytes ?? 0;
  for (const buffer of reply.buffers) size += buffer.length;
  return size;
}
