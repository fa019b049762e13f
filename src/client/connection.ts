/**
 * One connection to a broker: frames out, frames in by their correlation ids.
 */
import { MalformedError } from "../protocol/malformed.ts";
import { type Address, addressText } from "./address.ts";
import { NetworkError } from "./errors.ts";
import { correlationIdOf } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";

/** What a broker may send at most in one frame: far more than it is ever asked for. */
const MAX_FRAME_BYTES = 1024 * 1024 * 1024;

interface Waiting {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer;
}

type Timer = ReturnType<typeof setTimeout>;

export class Connection {
  private readonly frames = new FrameReader(MAX_FRAME_BYTES);
  private readonly waiting = new Map<number, Waiting>();
  private unsent: Uint8Array[] = [];
  private drained: (() => void)[] = [];
  private socket: Bun.Socket | null = null;
  private failure: Error | null = null;
  private nextId = 1;

  private constructor(readonly address: Address) {}

  /** Connects. Rejects with a NetworkError that says why it can't. */
  static async open(address: Address, timeoutMs: number): Promise<Connection> {
    const connection = new Connection(address);
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new NetworkError(`${addressText(address)} doesn't take the connection`)),
      timeoutMs,
    );
    const connecting = Bun.connect({
      hostname: address.host,
      port: address.port,
      socket: {
        data: (_, bytes) => connection.receive(bytes),
        drain: () => connection.flush(),
        close: () => connection.fail(new NetworkError(`${addressText(address)} has closed the connection`)),
        error: (_, error) => connection.fail(connectError(address, error)),
        connectError: (_, error) => connection.fail(connectError(address, error)),
      },
    });
    try {
      const socket = await Promise.race([connecting, tooLate]);
      socket.setNoDelay(true);
      connection.socket = socket;
      return connection;
    } catch (error) {
      connecting.then((socket) => socket.end()).catch(() => {});
      throw error instanceof NetworkError ? error : connectError(address, error);
    } finally {
      clearTimeout(timer);
    }
  }

  get isOpen(): boolean {
    return this.failure === null;
  }

  /** The number for the next request. */
  correlationId(): number {
    const id = this.nextId;
    this.nextId = id === 0x7fffffff ? 1 : id + 1;
    return id;
  }

  /**
   * Sends a frame (with its length) and resolves to its answer's. A broker that doesn't answer within `timeoutMs`
   * has lost the connection: whatever it still sends on it can't be waited for.
   */
  request(correlationId: number, frame: Uint8Array, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure);
      const timer = setTimeout(
        () =>
          this.fail(new NetworkError(`${addressText(this.address)} doesn't answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.waiting.set(correlationId, { resolve, reject, timer });
      this.post(frame);
    });
  }

  /** Sends a frame that nobody answers, as a produce without acknowledgement. */
  post(frame: Uint8Array): void {
    if (this.failure !== null) throw this.failure;
    this.unsent.push(frame);
    if (this.unsent.length === 1) this.flush();
  }

  /** Resolves when what was posted has been handed to the operating system. */
  sent(): Promise<void> {
    if (this.failure !== null || this.unsent.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.drained.push(resolve));
  }

  close(): void {
    this.fail(new NetworkError("the client is closed"));
  }

  private flush(): void {
    for (let frame = this.unsent[0]; frame !== undefined; frame = this.unsent[0]) {
      const written = this.socket?.write(frame) ?? 0;
      if (written < 0) return;
      if (written < frame.length) {
        this.unsent[0] = frame.subarray(written);
        return;
      }
      this.unsent.shift();
    }
    for (const resolve of this.drained.splice(0)) resolve();
  }

  private receive(bytes: Buffer): void {
    try {
      for (const frame of this.frames.push(bytes)) this.answer(frame);
    } catch (error) {
      const what =
        error instanceof MalformedError || error instanceof RangeError ? error.message : String(error);
      this.fail(new NetworkError(`${addressText(this.address)} doesn't speak Kafka's protocol: ${what}`));
    }
  }

  private answer(frame: Buffer): void {
    const id = correlationIdOf(frame);
    const waiting = this.waiting.get(id);
    if (waiting === undefined) throw new MalformedError(`an answer to ${id}, which nobody asked`);
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(frame);
  }

  private fail(error: Error): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.socket?.terminate();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.waiting.clear();
    this.unsent = [];
    for (const resolve of this.drained.splice(0)) resolve();
  }
}

function connectError(address: Address, error: unknown): NetworkError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const where = addressText(address);
  if (code === "ECONNREFUSED") return new NetworkError(`${where} refuses the connection`);
  if (/ENOTFOUND|EAI_|NXDOMAIN|DNS/.test(code)) return new NetworkError(`${where}: there is no such host`);
  return new NetworkError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
}
