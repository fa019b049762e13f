/**
 * A client that sends and receives bytes on a real socket, for tests that wait for events and never for time.
 */
import type { Socket } from "bun";

export class RawClient {
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private unsent: Buffer[] = [];
  private readonly waiters = new Set<() => void>();
  /** Whether the other side closed, cleanly or not. */
  isClosed = false;
  private socket: Socket | null = null;

  static async connect(port: number, hostname = "127.0.0.1"): Promise<RawClient> {
    const client = new RawClient();
    client.socket = await Bun.connect({
      hostname,
      port,
      allowHalfOpen: true,
      socket: {
        data: (_, bytes) => client.took(bytes),
        drain: () => client.flush(),
        end: () => client.sawEnd(),
        close: () => client.sawEnd(),
        error: () => client.sawEnd(),
      },
    });
    return client;
  }

  /** The client's own port. */
  get port(): number {
    return this.open().localPort;
  }

  get receivedBytes(): number {
    return this.received;
  }

  /** Sends the bytes, now and as the socket takes them. */
  send(bytes: Uint8Array): void {
    this.unsent.push(Buffer.from(bytes));
    this.flush();
  }

  /** Settles when everything sent so far has been taken by the kernel. */
  async sent(): Promise<void> {
    await this.until(() => this.unsent.length === 0);
  }

  get hasUnsent(): boolean {
    return this.unsent.length > 0;
  }

  /** The next `length` bytes that the other side sends. */
  async read(length: number): Promise<Buffer> {
    await this.until(() => this.received >= length || this.isClosed);
    if (this.received < length) throw new Error(`closed after ${this.received} of ${length} bytes`);
    const all = Buffer.concat(this.chunks);
    this.chunks.length = 0;
    this.received = all.length - length;
    if (this.received > 0) this.chunks.push(all.subarray(length));
    return all.subarray(0, length);
  }

  /** The next frame, without its length. */
  async readFrame(): Promise<Buffer> {
    const length = (await this.read(4)).readInt32BE(0);
    return this.read(length);
  }

  /** The next `length` bytes, or what came until the other side closed. */
  async readToEndOr(length: number): Promise<Buffer> {
    await this.until(() => this.received >= length || this.isClosed);
    return this.read(Math.min(length, this.received));
  }

  /** Everything the other side sends until it closes. */
  async readToEnd(): Promise<Buffer> {
    await this.closed();
    return Buffer.concat(this.chunks);
  }

  /** Settles when the other side has closed its sending side, or the connection is gone. */
  async closed(): Promise<void> {
    await this.until(() => this.isClosed);
  }

  /** Stops taking bytes from the kernel. */
  pause(): void {
    this.open().pause();
  }

  resume(): void {
    this.open().resume();
  }

  /** Says that nothing more will be sent, and still receives. */
  endSending(): void {
    this.open().shutdown();
  }

  /** Closes both ways. */
  close(): void {
    this.socket?.end();
  }

  private open(): Socket {
    if (this.socket === null) throw new Error("not connected");
    return this.socket;
  }

  private took(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.received += bytes.length;
    this.wake();
  }

  private flush(): void {
    for (let first = this.unsent[0]; first !== undefined && !this.isClosed; first = this.unsent[0]) {
      const taken = this.socket?.write(first) ?? 0;
      if (taken < 0) break;
      if (taken < first.length) {
        this.unsent[0] = first.subarray(taken);
        return;
      }
      this.unsent.shift();
    }
    this.wake();
  }

  private sawEnd(): void {
    this.isClosed = true;
    this.wake();
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  private until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.waiters.delete(check);
        resolve();
      };
      this.waiters.add(check);
      check();
    });
  }
}

/** A frame: the length in four bytes, then the body. */
export function frame(body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The four bytes of a frame's length. */
export function lengthPrefix(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  return bytes;
}
