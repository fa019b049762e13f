/**
 * Replies with more records than are copied at once. The records lie in their files until the client has taken what
 * comes before, and pass through a small buffer then: a client that asks for 50 MB and reads nothing costs no 50 MB.
 */
import { KafkaError } from "../protocol/errors.ts";
import type { RecordsSource } from "../protocol/records-source.ts";
import type { Writer } from "../protocol/writer.ts";
import { UnanswerableRequest } from "./unanswerable-request.ts";

/** Records up to this position of a reply are copied into it; those beyond are streamed. */
export const COPIED_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
/** Less than this is copied: a call of the system for it would not pay. */
const WORTH_SENDING_BYTES = 32 * 1024;
const MAX_KEPT_PIECES = 16;

/** Buffers for pieces, to be used again by the next reply. */
export class PieceBuffers {
  private readonly kept: Buffer[] = [];

  take(): Buffer {
    return this.kept.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  give(buffer: Buffer): void {
    if (this.kept.length < MAX_KEPT_PIECES) this.kept.push(buffer);
  }
}

/** What a writer holds and what it has left out, in pieces. */
export class ReplyStream {
  /** Of all pieces. */
  readonly sizeInBytes: number;
  /** What comes before the first piece. */
  readonly beginning: Uint8Array;
  private readonly written: Uint8Array;
  /** Bytes of `written` that were given. */
  private writtenGiven: number;
  /** The sources of the writer that were given, and bytes of the next one. */
  private sourcesGiven = 0;
  private sourceGiven = 0;
  private piece: Buffer | null = null;

  /** @param writer has left out something, and stays as it is until the reply has been sent */
  constructor(
    private readonly writer: Writer,
    private readonly buffers: PieceBuffers,
  ) {
    this.written = writer.written();
    this.writtenGiven = writer.leftOut[0]?.position ?? this.written.length;
    this.beginning = this.written.subarray(0, this.writtenGiven);
    this.sizeInBytes = writer.totalSize - this.writtenGiven;
  }

  /**
   * The next piece, in the buffer of the one before; null after the last. Throws UnanswerableRequest.
   *
   * @param most bytes
   * @param leavesFiles whether it ends before the first byte that `send` can send
   */
  readonly next = (most = PIECE_BYTES, leavesFiles = false): Uint8Array | null => {
    this.piece ??= this.buffers.take();
    const piece = this.piece.subarray(0, most);
    let filled = 0;
    while (filled < piece.length) {
      if (leavesFiles && filled > 0 && this.file() !== null) break;
      const added = this.fill(piece, filled);
      if (added === 0) break;
      filled += added;
    }
    return filled === 0 ? null : piece.subarray(0, filled);
  };

  /**
   * Has records that come next sent from the open file that they lie in, by `send`, which returns how many bytes it
   * sent; so does this. −1 where what comes next lies in no open file, or is not worth it.
   */
  readonly send = (send: (descriptor: number, position: number, length: number) => number): number => {
    const source = this.file();
    const descriptor = source?.descriptor?.() ?? null;
    if (source === null || descriptor === null) return -1;
    const from = this.sourceGiven;
    const taken = send(descriptor, source.filePosition + from, source.sizeInBytes - from);
    this.gave(source, taken);
    return taken;
  };

  /** The source that comes next, if there is enough left of it to be sent from its file. */
  private file(): RecordsSource | null {
    const next = this.writer.leftOut[this.sourcesGiven];
    if (next?.position !== this.writtenGiven || next.source.descriptor === undefined) return null;
    return next.source.sizeInBytes - this.sourceGiven >= WORTH_SENDING_BYTES ? next.source : null;
  }

  /** Gives the buffer back. */
  release(): void {
    if (this.piece !== null) this.buffers.give(this.piece);
    this.piece = null;
  }

  /** Puts what comes next into `piece` from `at` on, as far as it fits. Returns how many bytes that were. */
  private fill(piece: Buffer, at: number): number {
    const room = piece.length - at;
    const next = this.writer.leftOut[this.sourcesGiven];
    if (next !== undefined && next.position === this.writtenGiven)
      return this.fillFrom(next.source, piece, at);
    const size = Math.min(room, (next?.position ?? this.written.length) - this.writtenGiven);
    piece.set(this.written.subarray(this.writtenGiven, this.writtenGiven + size), at);
    this.writtenGiven += size;
    return size;
  }

  private fillFrom(source: RecordsSource, piece: Buffer, at: number): number {
    const size = Math.min(piece.length - at, source.sizeInBytes - this.sourceGiven);
    copy(source, piece, at, this.sourceGiven, size);
    this.gave(source, size);
    return size;
  }

  private gave(source: RecordsSource, size: number): void {
    this.sourceGiven += size;
    if (this.sourceGiven === source.sizeInBytes) {
      this.sourcesGiven++;
      this.sourceGiven = 0;
    }
  }
}

/** A reply that has begun has no place for an error, so that the connection ends instead. */
function copy(source: RecordsSource, piece: Buffer, at: number, from: number, size: number): void {
  try {
    source.copyInto(piece, at, from, size);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    throw new UnanswerableRequest(`records of a reply under way can't be read any more: ${error.message}`);
  }
}
