/**
 * One connection at work: bytes in, frames to the handler, replies out in order, and a pause where it takes too much.
 *
 * It is `open`; then `finishing`, when no more requests are taken and replies still leave; then `lingering`, when
 * everything has left, the peer has been told, and its last bytes are thrown away, because closing with bytes unread
 * would make the kernel take back the replies under way; then `closed`.
 */
import type { Timer } from "../clock.ts";
import { endpoint, plainAddress } from "./addresses.ts";
import type { ChannelContext } from "./channel-context.ts";
import { CloseListeners } from "./close-listeners.ts";
import type { Connection, SecurityProtocol } from "./connection.ts";
import { ProtocolViolation } from "./errors.ts";
import { FrameReader } from "./frame-reader.ts";
import type { Sweepable } from "./idle-sweeper.ts";
import type { LimitedLog } from "./limited-log.ts";
import type { Reply } from "./reply.ts";
import { type ByteSink, ReplyQueue, type Slot } from "./reply-queue.ts";
import type { MemoryHolder } from "./request-memory.ts";

/** What a channel needs of a socket; TLS sockets have it too. */
export interface ChannelSocket extends ByteSink {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  pause(): void;
  resume(): void;
  /** Says that nothing more will be sent, and goes on receiving. */
  shutdown(): void;
  /** Closes; what was written is still sent. */
  end(): void;
}

/** While more frames of one piece are handled, replies are written when there are this many bytes of them. */
const WRITE_AT_BYTES = 256 * 1024;
/** After this many frames the other connections have their turn. */
const FRAMES_PER_TURN = 256;
/** The same for bytes that are received directly, without waiting for the event loop. */
const RECEIVED_PER_TURN = 1024 * 1024;
/** How long the peer has to close its side after ours, or to take the last replies after it closed its own. */
const LINGER_MS = 1000;

export class Channel<Session> implements Connection<Session>, MemoryHolder, Sweepable {
  readonly id: number;
  readonly listenerName: string;
  readonly securityProtocol: SecurityProtocol;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remotePort: number;
  session: Session;

  private state: "open" | "finishing" | "lingering" | "closed" = "open";
  private pushedBytes = 0;
  private readonly reader: FrameReader;
  private readonly replies: ReplyQueue;
  private readonly closeListeners: CloseListeners;
  private lastActiveRound: number;
  private isPaused = false;
  /** Frames may be left in the reader, because too much is held already or because it is the others' turn. */
  private isStalled = false;
  private isOthersTurn = false;
  private waitsForMemory = false;
  private willProceed = false;
  /** The peer will send nothing more. */
  private inputEnded = false;
  private lingerTimer: Timer | null = null;

  constructor(
    private readonly context: ChannelContext<Session>,
    private readonly socket: ChannelSocket,
    readonly remoteAddress: string,
  ) {
    this.id = context.budget.nextId();
    this.listenerName = context.listenerName;
    this.securityProtocol = context.securityProtocol;
    this.localAddress = plainAddress(socket.localAddress);
    this.localPort = socket.localPort;
    this.remotePort = socket.remotePort;
    this.session = context.createSession();
    this.lastActiveRound = context.sweeper.round;
    const report = (error: unknown) => this.log.error(`Error behind a ${this.name}: ${oneLine(error)}`);
    const direct = context.directSocket(socket);
    this.reader = new FrameReader(context.maxFrameBytes, context.framePool, direct?.receive);
    this.replies = new ReplyQueue(socket, report, direct?.sendFile);
    this.closeListeners = new CloseListeners(report);
  }

  get closed(): boolean {
    return this.state === "lingering" || this.state === "closed";
  }

  get receivedBytes(): number {
    return this.pushedBytes + this.reader.receivedBytes;
  }

  get unsentReplyBytes(): number {
    return this.replies.unsentBytes;
  }

  get isMidRequest(): boolean {
    return this.reader.hasUnfinished && !this.isPaused;
  }

  onClose(listener: () => void): () => void {
    return this.closeListeners.add(listener);
  }

  close(reason: string): void {
    if (this.closed) return;
    this.log.info(this.closeLine(reason));
    this.closeNow();
  }

  /** The socket received bytes. */
  received(piece: Buffer): void {
    if (this.state !== "open") return;
    this.pushedBytes += piece.length;
    this.lastActiveRound = this.context.sweeper.round;
    this.reader.push(piece);
    if (this.isStalled) return;
    const mayReceive = this.context.budget.memory.hasRoomFor(RECEIVED_PER_TURN);
    this.reader.allowReceiving(mayReceive ? RECEIVED_PER_TURN : 0, piece.length);
    this.handleFrames();
    this.reader.allowReceiving(0, 0);
  }

  /** The socket takes bytes again. */
  drained(): void {
    const unsent = this.replies.unsentBytes;
    this.replies.unblock();
    this.flush();
    if (this.replies.unsentBytes < unsent) this.lastActiveRound = this.context.sweeper.round;
    this.proceed();
  }

  /** The peer closed its sending side: what it asked before is answered, if that can be soon. */
  peerEnded(): void {
    this.inputEnded = true;
    if (this.state === "lingering") this.closeNow();
    else this.proceed();
    if (!this.closed) this.lingerTimer ??= this.context.clock.schedule(LINGER_MS, () => this.closeNow());
  }

  /** The socket is gone, or is to be: nothing of this connection remains. */
  closeNow(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.lingerTimer?.cancel();
    this.socket.end();
    this.reader.clear();
    this.replies.dropAll();
    this.context.budget.memory.hold(this, 0);
    this.closeListeners.run();
  }

  /** Takes no more requests, lets the replies to earlier ones leave, and closes. */
  finish(): void {
    if (this.state !== "open") return;
    const hasNothingUnderWay = this.replies.isEmpty && !this.reader.hasUnfinished;
    if (hasNothingUnderWay) this.closeNow();
    else this.beginFinishing();
  }

  resumeAfterWait(): void {
    this.waitsForMemory = false;
    this.proceed();
  }

  closeIfIdleSince(round: number): void {
    if (this.lastActiveRound >= round || this.replies.pendingRequests > 0 || this.state === "lingering")
      return;
    this.log.debug(this.closeLine("idle for connections.max.idle.ms"));
    this.closeNow();
  }

  /** A callback of ours failed: no reason to take down more than this connection. */
  failedUnexpectedly(error: unknown): void {
    this.logUnexpected(error);
    this.closeNow();
  }

  private handleFrames(): void {
    this.isStalled = false;
    try {
      for (let frames = 0; this.state === "open"; frames++) {
        if (this.replies.unsentBytes >= WRITE_AT_BYTES) this.flush();
        if (frames === FRAMES_PER_TURN) this.giveOthersTheirTurn();
        this.isStalled = this.isOthersTurn || this.holdsTooMuch();
        if (this.isStalled) break;
        const frame = this.reader.next();
        if (frame === null) break;
        this.handle(frame);
      }
    } catch (error) {
      this.fail(error);
    }
    this.balance();
  }

  private handle(frame: Buffer): void {
    const result = this.context.handle(frame, this);
    if (result instanceof Promise) {
      const slot = this.replies.reserve(frame.length);
      result.then(
        (reply) => this.settle(slot, reply, frame),
        (error) => this.settleFailed(slot, error),
      );
    } else if (result !== null) {
      if (result.frameIsFree === true) this.context.framePool.give(frame);
      this.closeBehind(this.replies.add(result), result);
    }
  }

  private settle(slot: Slot, reply: Reply | null, frame: Buffer): void {
    if (reply?.frameIsFree === true) this.context.framePool.give(frame);
    this.lastActiveRound = this.context.sweeper.round;
    this.replies.answer(slot, reply);
    if (slot.dropped) return;
    if (reply !== null) this.closeBehind(slot, reply);
    this.proceedSoon();
  }

  private settleFailed(slot: Slot, error: unknown): void {
    if (slot.dropped) {
      if (!(error instanceof ProtocolViolation)) this.logUnexpected(error);
      return;
    }
    this.replies.answer(slot, null);
    this.replies.dropAfter(slot);
    this.fail(error);
    this.proceedSoon();
  }

  /** Does what the reply says about closing. */
  private closeBehind(slot: Slot, reply: Reply): void {
    if (reply.thenClose === undefined || this.closed) return;
    this.replies.dropAfter(slot);
    if (this.state === "open") this.log.info(this.closeLine(reply.thenClose));
    this.beginFinishing();
  }

  /** Closes because of an error, when the replies to earlier requests have left. */
  private fail(error: unknown): void {
    if (this.state !== "open") return;
    if (error instanceof ProtocolViolation) this.log.warn(this.closeLine(error.message));
    else this.logUnexpected(error);
    this.beginFinishing();
  }

  private beginFinishing(): void {
    this.state = "finishing";
    this.isStalled = false;
    this.reader.clear();
    this.proceedSoon();
  }

  private giveOthersTheirTurn(): void {
    this.isOthersTurn = true;
    setImmediate(() => {
      this.isOthersTurn = false;
      this.proceed();
    });
  }

  /** Goes on when the promises that settle together have settled, so that their replies leave together. */
  private proceedSoon(): void {
    if (this.willProceed) return;
    this.willProceed = true;
    queueMicrotask(() => {
      this.willProceed = false;
      this.proceed();
    });
  }

  /** Goes on after something changed. */
  private proceed(): void {
    this.flush();
    if (this.canUnstall()) this.handleFrames();
    else this.balance();
  }

  private canUnstall(): boolean {
    return this.isStalled && !this.isOthersTurn && !this.holdsTooMuch();
  }

  private holdsTooMuch(): boolean {
    return this.waitsForMemory || this.exceedsItsShare();
  }

  private exceedsItsShare(): boolean {
    const { limits } = this.context;
    const { replies } = this;
    return (
      replies.pendingRequests >= limits.maxInFlightRequests ||
      replies.pendingRequestBytes >= limits.maxInFlightRequestBytes ||
      replies.unsentBytes >= limits.maxUnsentReplyBytes
    );
  }

  /** Sends what is ready, and reads on or pauses, or closes when that was the last. */
  private balance(): void {
    this.flush();
    if (this.closed) return;
    this.accountForMemory();
    this.setPaused(this.state === "finishing" || this.isStalled || this.holdsTooMuch());
    if (this.canUnstall()) this.proceedSoon();
    if (!this.replies.isEmpty) return;
    if (this.state === "finishing") this.linger();
    else if (this.inputEnded && !this.isStalled) this.closeNow();
  }

  private accountForMemory(): void {
    const { memory } = this.context.budget;
    const heldBytes = this.reader.heldBytes + this.replies.pendingRequestBytes;
    this.waitsForMemory = !memory.hold(this, heldBytes);
    if (this.exceedsItsShare()) memory.standAside(this);
  }

  private flush(): void {
    if (this.closed) return;
    try {
      this.replies.flush();
    } catch (error) {
      // The rest of a reply that has begun cannot be had.
      if (!(error instanceof ProtocolViolation)) this.logUnexpected(error);
      else this.log.warn(this.closeLine(error.message));
      this.closeNow();
    }
    // The peer reset the connection; Bun does not call `close` for that while the socket is paused.
    if (this.replies.isBroken) this.closeNow();
  }

  private linger(): void {
    if (this.inputEnded) {
      this.closeNow();
      return;
    }
    this.state = "lingering";
    this.context.budget.memory.hold(this, 0);
    this.closeListeners.run();
    this.socket.shutdown();
    this.setPaused(false);
    this.lingerTimer = this.context.clock.schedule(LINGER_MS, () => this.closeNow());
  }

  private setPaused(paused: boolean): void {
    if (paused === this.isPaused) return;
    this.isPaused = paused;
    if (paused) this.socket.pause();
    else this.socket.resume();
  }

  private get log(): LimitedLog {
    return this.context.budget.log;
  }

  private get name(): string {
    return `connection from ${endpoint(this.remoteAddress, this.remotePort)} on listener ${this.listenerName}`;
  }

  private closeLine(reason: string): string {
    return `Closed ${this.name}: ${reason}`;
  }

  private logUnexpected(error: unknown): void {
    this.log.error(this.closeLine(`unexpected error: ${oneLine(error)}`));
  }
}

/** An error with its stack, in one line. */
function oneLine(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return trace.replace(/\s*\n\s*/g, " | ");
}
