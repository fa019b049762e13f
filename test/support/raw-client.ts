/**
 * A client that sends exactly what a test says, and hands back what came.
 */
import { connect, type Socket } from "node:net";
import { decode, encode } from "../../src/protocol/codec.ts";
import {
  type Decoded,
  type Definition,
  type Encodable,
  type Fields,
  inRange,
} from "../../src/protocol/schema.ts";

const API_VERSIONS_KEY = 18;

export class RawClient {
  private received: Buffer = Buffer.alloc(0);
  private readonly waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void }[] = [];
  private nextCorrelationId = 1;
  /** Resolves when the other side, or this one, has closed the connection. */
  readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("data", (bytes: Buffer) => this.receive(bytes));
    socket.on("error", () => {});
    socket.once("close", () => this.fail());
  }

  static connect(port: number, host = "127.0.0.1"): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.setNoDelay(true);
      socket.once("connect", () => resolve(new RawClient(socket)));
      socket.once("error", reject);
    });
  }

  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends a frame: its length and these bytes. */
  sendFrame(bytes: Uint8Array): void {
    this.send(framed(bytes));
  }

  /** The next frame that comes, without its length. Rejects when the connection closes first. */
  frame(): Promise<Buffer> {
    const frame = this.takeFrame();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.socket.destroyed) return Promise.reject(new Error("the connection is closed"));
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Sends a request and reads its response, which must carry the request's correlation id. */
  async request<Q extends Fields, R extends Fields>(
    request: Definition<Q>,
    response: Definition<R>,
    version: number,
    body: Encodable<Definition<Q>>,
  ): Promise<Decoded<Definition<R>>> {
    const correlationId = this.nextCorrelationId++;
    this.sendFrame(requestFrame(request, version, correlationId, body));
    return readResponse(response, version, correlationId, await this.frame());
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    while (this.waiting.length > 0) {
      const frame = this.takeFrame();
      if (frame === undefined) return;
      this.waiting.shift()?.resolve(frame);
    }
  }

  private takeFrame(): Buffer | undefined {
    if (this.received.length < 4) return undefined;
    const size = this.received.readInt32BE(0);
    if (this.received.length < 4 + size) return undefined;
    const frame = this.received.subarray(4, 4 + size);
    this.received = this.received.subarray(4 + size);
    return frame;
  }

  private fail(): void {
    for (const { reject } of this.waiting.splice(0)) reject(new Error("the connection was closed"));
  }
}

/** Bytes with their length before them. */
export function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A request's frame, without its length. */
export function requestFrame<Q extends Fields>(
  request: Definition<Q>,
  version: number,
  correlationId: number,
  body: Encodable<Definition<Q>>,
  clientId = "test",
): Buffer {
  const header = Buffer.alloc(10);
  header.writeInt16BE(request.key, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(correlationId, 4);
  header.writeInt16BE(clientId.length, 8);
  const noTaggedFields = Buffer.alloc(inRange(request.flexible, version) ? 1 : 0);
  return Buffer.concat([header, Buffer.from(clientId), noTaggedFields, encode(request, version, body)]);
}

/** Reads a response's frame. */
export function readResponse<R extends Fields>(
  response: Definition<R>,
  version: number,
  correlationId: number,
  frame: Buffer,
): Decoded<Definition<R>> {
  if (frame.readInt32BE(0) !== correlationId) {
    throw new Error(`the response to ${correlationId} carries correlation id ${frame.readInt32BE(0)}`);
  }
  const flexibleHeader = response.key !== API_VERSIONS_KEY && inRange(response.flexible, version);
  return decode(response, version, frame, flexibleHeader ? 5 : 4);
}
