/**
 * A connection that carries load with little work of its own: frames are sent from where they lie, and answers are
 * handed on as views.
 */
import type { Socket } from "bun";

const LENGTH_BYTES = 4;

export class LoadConnection {
  private readonly unsent: Buffer[] = [];
  private sent = 0;
  private frame: Buffer = Buffer.alloc(64 * 1024);
  private filled = 0;
  private socket: Socket<undefined> | undefined;
  private failure: Error | undefined;
  private waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void }[] = [];
  /** Told when the connection has failed. */
  onFailure: (error: Error) => void = (error) => console.error(`load connection: ${error.message}`);
  /** Takes each answer without its length; the bytes are good until it returns. */
  onAnswer: (answer: Buffer) => void = (answer) => this.waiting.shift()?.resolve(Buffer.from(answer));

  static async connect(port: number): Promise<LoadConnection> {
    const connection = new LoadConnection();
    connection.socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_socket, bytes) => connection.received(bytes),
        drain: () => connection.write(),
        close: () => connection.closed(),
        error: (_socket, error) => connection.fail(error),
      },
    });
    return connection;
  }

  /** Sends a frame, its length first. It must stay as it is until it has been answered. */
  send(frame: Buffer): void {
    if (this.failure !== undefined) throw this.failure;
    this.unsent.push(frame);
    if (this.unsent.length === 1) this.write();
  }

  /** Sends a frame and resolves to a copy of its answer; not together with an `onAnswer` of one's own. */
  ask(frame: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.send(frame);
    });
  }

  /** Takes nothing more of what comes. */
  stopReading(): void {
    this.socket?.pause();
  }

  close(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.end();
  }

  private write(): void {
    for (let frame = this.unsent[0]; frame !== undefined; frame = this.unsent[0]) {
      const left = frame.length - this.sent;
      const taken = this.socket?.write(frame, this.sent, left) ?? 0;
      this.sent += Math.max(0, taken);
      if (taken < left) return;
      this.unsent.shift();
      this.sent = 0;
    }
  }

  private received(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const available = bytes.length - at;
      if (this.filled === 0 && available >= LENGTH_BYTES) {
        const size = LENGTH_BYTES + bytes.readInt32BE(at);
        if (size <= available) {
          this.onAnswer(bytes.subarray(at + LENGTH_BYTES, at + size));
          at += size;
          continue;
        }
      }
      at += this.collect(bytes, at);
    }
  }

  /** Adds to the frame that hasn't come as a whole; returns how many bytes that were. */
  private collect(bytes: Buffer, at: number): number {
    const wanted = this.filled < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + this.frame.readInt32BE(0);
    if (wanted > this.frame.length) {
      const larger = Buffer.alloc(wanted);
      this.frame.copy(larger, 0, 0, this.filled);
      this.frame = larger;
    }
    const taken = Math.min(wanted - this.filled, bytes.length - at);
    bytes.copy(this.frame, this.filled, at, at + taken);
    this.filled += taken;
    if (this.filled > LENGTH_BYTES && this.filled === wanted) {
      this.filled = 0;
      this.onAnswer(this.frame.subarray(LENGTH_BYTES, wanted));
    }
    return taken;
  }

  private closed(): void {
    if (this.socket !== undefined) this.fail(new Error("the broker closed the connection"));
  }

  private fail(error: Error): void {
    this.failure = error;
    if (this.waiting.length === 0) this.onFailure(error);
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
