/**
 * What a request handler gives back to the connection.
 */
import type { Connection } from "./connection.ts";

/** Sends bytes of an open file. Returns how many were taken: 0 when none are now. */
export type SendFile = (descriptor: number, position: number, length: number) => number;

/** Pieces of a frame that are made when it is their turn. */
export interface MorePieces {
  /** Of all the pieces together: they count as not sent from the start, so that no further request is handled. */
  readonly sizeInBytes: number;
  /**
   * Gives the next piece, or null after the last. Asked only when everything before has been taken; the piece before
   * may then be overwritten. When it throws, the connection is closed.
   *
   * @param most bytes, if said
   * @param leavesFiles whether the piece is to end before bytes that `send` can send
   */
  readonly next: (most?: number, leavesFiles?: boolean) => Uint8Array | null;
  /** Sends what comes next from the file where it lies. Returns what was taken; −1 when it lies in no file. */
  readonly send?: (send: SendFile) => number;
}

/** The bytes that answer one request. */
export interface Reply {
  /**
   * The frame from its 4-byte length on, in as many pieces as is handy. The pieces must stay as they are until
   * `release` is called. Small ones are copied together, large ones are sent from where they lie.
   */
  readonly buffers: readonly Uint8Array[];
  /** The rest of the frame, which need not be in memory as long as the reader has not taken what comes before. */
  readonly more?: MorePieces;
  /** Called exactly once: when all bytes have been taken, or when the connection closed before that. */
  readonly release?: () => void;
  /** Says that nothing uses the request's frame any more: its memory may be used again. */
  readonly frameIsFree?: boolean;
  /** Closes the connection, for this reason, when the reply has left. Requests behind it get no answer. */
  readonly thenClose?: string;
}

/**
 * Answers one frame, which comes without its 4-byte length and may be kept. Null is no reply (Produce with acks=0).
 *
 * Called for each frame as it arrives; the replies leave in the order of the calls, whenever the promises settle.
 * Throwing `ProtocolViolation` closes the connection after the replies to earlier requests have left, with its message
 * in the log; so does any other error, as an error of ours.
 */
export type FrameHandler<Session = unknown> = (
  frame: Buffer,
  connection: Connection<Session>,
) => Reply | null | Promise<Reply | null>;
